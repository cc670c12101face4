import type { Cell, Run } from './run.ts';

const question = (run: Run, row: number): string => run.prompts[row]?.messages.at(-1)?.content ?? '';
const told = (failure: unknown): string => (failure instanceof Error ? failure.message : '');

/** A line a prompt, as programs read it. */
export function jsonl(run: Run): string {
  return run.prompts
    .map(({ line, messages, expected }, row) =>
      JSON.stringify({
        line,
        messages,
        ...(expected && { expected }),
        answers: run.columns.map(({ model, settings }, column) => ({ model, settings, ...answer(run.cells[row]?.[column]) })),
      }),
    )
    .map((text) => text + '\n')
    .join('');
}

function answer(cell: Cell | undefined): Record<string, unknown> {
  if (!cell) return { content: null };
  return {
    content: cell.text,
    usage: cell.figures?.usage ?? null,
    finish_reason: cell.figures?.reason ?? null,
    first_token_seconds: cell.figures?.firstMillis == null ? null : cell.figures.firstMillis / 1000,
    total_seconds: cell.figures ? cell.figures.totalMillis / 1000 : null,
    ...(cell.failure ? { error: told(cell.failure) } : {}),
  };
}

/** A line a prompt, as spreadsheets read it. */
export function csv(run: Run): string {
  const head = ['line', 'prompt', 'expected', ...run.columns.flatMap(({ name }) => [name, 'completion_tokens', 'total_seconds', 'error'])];
  const lines = run.prompts.map(({ line, expected }, row) => [
    String(line),
    question(run, row),
    expected,
    ...run.columns.flatMap((_, column) => {
      const cell = run.cells[row]?.[column];
      return [cell?.text ?? '', String(cell?.figures?.usage?.completion_tokens ?? ''), cell?.figures ? (cell.figures.totalMillis / 1000).toFixed(3) : '', told(cell?.failure)];
    }),
  ]);
  return [head, ...lines].map((cells) => cells.map(quoted).join(',') + '\r\n').join('');
}

/** A spreadsheet takes what begins like a formula for one: a quote before it makes it text. */
const quoted = (text: string): string => '"' + (/^[=+\-@\t\r]/.test(text) ? "'" + text : text).replaceAll('"', '""') + '"';

export function save(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
