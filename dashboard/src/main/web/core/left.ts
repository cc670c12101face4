const KEPT_MAX = 8;

/** What was left on pages of one kind, by address, so that a look elsewhere does not cost it; as long as this page is open. */
export class Left<T> {
  private readonly kept = new Map<string, T>();

  keep(address: string, what: T): void {
    this.kept.delete(address);
    this.kept.set(address, what);
    for (const oldest of this.kept.keys()) if (this.kept.size > KEPT_MAX) this.kept.delete(oldest);
  }

  /** What was left at the same address, once. */
  take(address: string): T | undefined {
    const found = this.kept.get(address);
    this.kept.delete(address);
    return found;
  }
}
