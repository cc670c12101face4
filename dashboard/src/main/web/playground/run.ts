import { ConnectionError } from '../core/api.ts';
import { fields, joined, type Knobs } from './knobs.ts';
import { answered, type Figures, type Pane } from './pane.ts';
import type { Prompt } from './prompts.ts';

const TOGETHER = 4;

export interface Column {
  name: string;
  model: string;
  settings: Record<string, number | string>;
}

export interface Cell {
  text: string;
  figures?: Figures;
  failure?: unknown;
}

// Every prompt through every pane, a few at a time. What is missing after a stop can be asked later.
export class Run {
  readonly columns: Column[];
  readonly cells: (Cell | undefined)[][];
  done = 0;
  private stopper: AbortController | undefined;

  constructor(
    readonly prompts: Prompt[],
    panes: Pane[],
    private readonly system: string,
    knobs: Knobs,
    private readonly changed: () => void,
  ) {
    this.columns = panes.map((pane) => ({ name: pane.label, model: pane.model, settings: fields(joined(knobs, pane.own)) }));
    this.cells = prompts.map(() => panes.map(() => undefined));
  }

  get busy(): boolean {
    return this.stopper !== undefined;
  }

  get total(): number {
    return this.prompts.length * this.columns.length;
  }

  stop(): void {
    this.stopper?.abort();
  }

  async go(): Promise<void> {
    const stopper = (this.stopper = new AbortController());
    const open = this.missing();
    const work = async (): Promise<void> => {
      for (let next = open.next(); !next.done && !stopper.signal.aborted; next = open.next()) {
        await this.fill(next.value[0], next.value[1], stopper);
        this.changed();
      }
    };
    await Promise.all(Array.from({ length: TOGETHER }, work));
    this.stopper = undefined;
    this.changed();
  }

  private *missing(): Generator<[number, number]> {
    for (const [row, cells] of this.cells.entries()) {
      for (const column of cells.keys()) if (!cells[column] || cells[column].failure) yield [row, column];
    }
  }

  private async fill(row: number, column: number, stopper: AbortController): Promise<void> {
    const { model, settings } = this.columns[column] as Column;
    const { messages } = this.prompts[row] as Prompt;
    const own = messages.some(({ role }) => role === 'system') || !this.system.trim();
    const request = { model, messages: own ? messages : [{ role: 'system', content: this.system }, ...messages], ...settings };
    const cell: Cell = { text: '' };
    try {
      cell.figures = await answered(request, stopper.signal, (text, _, wrong) => {
        cell.text += text;
        if (wrong) cell.failure = new Error(wrong);
      });
      if (stopper.signal.aborted) return; // half an answer is none
    } catch (failure) {
      cell.failure = failure;
      if (failure instanceof ConnectionError) stopper.abort();
    }
    const cells = this.cells[row] as (Cell | undefined)[];
    if (!cells[column]) this.done++;
    cells[column] = cell;
  }
}
