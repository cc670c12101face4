import { ApiError } from './api.ts';

// Asks again and again, never twice at once; slower while nobody looks or the server is away.
export class Poll {
  private timer = 0;
  private running = false;
  private stopped = true;
  private failures = 0;

  constructor(
    private readonly ask: () => Promise<void>,
    private readonly millis: number,
  ) {}

  start(): void {
    this.stopped = false;
    document.addEventListener('visibilitychange', this.wake);
    void this.now();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    document.removeEventListener('visibilitychange', this.wake);
  }

  private readonly wake = (): void => {
    if (!document.hidden) void this.now();
  };

  async now(): Promise<void> {
    if (this.running || this.stopped) return;
    clearTimeout(this.timer);
    this.running = true;
    try {
      await this.ask();
      this.failures = 0;
    } catch (failure) {
      this.failures++;
      if (failure instanceof ApiError && failure.status === 404) this.stop();
    } finally {
      this.running = false;
      if (!this.stopped) {
        const wait = document.hidden ? this.millis * 10 : this.millis * Math.min(1 + this.failures, 4);
        this.timer = window.setTimeout(() => void this.now(), wait);
      }
    }
  }
}
