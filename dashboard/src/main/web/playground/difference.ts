export interface Part {
  kind: 'both' | 'here' | 'there';
  text: string;
}

/** Past this many changes two texts have nothing in common that a reader could see. */
const CHANGES_MAX = 2000;

/** Words and signs, each with the space after it. */
const split = (text: string): string[] => text.match(/[\p{L}\p{M}\p{N}_'’]+\s*|[^\s\p{L}\p{M}\p{N}_'’]\s*|\s+/gu) ?? [];

/** What `here` has and what it lacks of `there`, word by word. */
export function difference(there: string, here: string): Part[] {
  return joined(folded(joined(changes(split(there), split(here)))));
}

/** A single short word that both have by chance, amid others that differ, tells a reader nothing. */
const LEAST = 4;

function folded(parts: Part[]): Change[] {
  return parts.flatMap(({ kind, text }, i): Change[] =>
    kind === 'both' && i > 0 && i < parts.length - 1 && text.trim().length <= LEAST ? [['there', text], ['here', text]] : [[kind, text]],
  );
}

/** Neighbours of a kind become one part; within a change, what is gone stands before what came. */
function joined(changes: Change[]): Part[] {
  const parts: Part[] = [];
  let gone = '';
  let came = '';
  const flush = (): void => {
    if (gone) parts.push({ kind: 'there', text: gone });
    if (came) parts.push({ kind: 'here', text: came });
    gone = came = '';
  };
  for (const [kind, text] of changes) {
    if (kind === 'there') gone += text;
    else if (kind === 'here') came += text;
    else {
      flush();
      const last = parts.at(-1);
      if (last?.kind === 'both') last.text += text;
      else parts.push({ kind, text });
    }
  }
  flush();
  return parts;
}

type Change = [Part['kind'], string];

/** The shortest way from one to the other (Myers 1986, An O(ND) difference algorithm). Space after a word is no difference. */
function changes(a: string[], b: string[]): Change[] {
  const same = (x: number, y: number): boolean => x < a.length && y < b.length && a[x]?.trimEnd() === b[y]?.trimEnd();
  const max = Math.min(a.length + b.length, CHANGES_MAX);
  const middle = max + 1;
  const reach = new Int32Array(2 * max + 3); // by diagonal x - y: the farthest x
  const before: Int32Array[] = [];
  for (let d = 0; d <= max; d++) {
    before.push(reach.slice(middle - d - 1, middle + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const left = reach[middle + k - 1] ?? 0;
      const right = reach[middle + k + 1] ?? 0;
      let x = k === -d || (k !== d && left < right) ? right : left + 1;
      while (same(x, x - k)) x++;
      reach[middle + k] = x;
      if (x >= a.length && x - k >= b.length) return back(a, b, before);
    }
  }
  return [...a.map((word): Change => ['there', word]), ...b.map((word): Change => ['here', word])];
}

function back(a: string[], b: string[], before: Int32Array[]): Change[] {
  const found: Change[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = before.length - 1; d >= 0; d--) {
    const k = x - y;
    const left = before[d]?.[d + k] ?? 0;
    const right = before[d]?.[d + k + 2] ?? 0;
    const down = k === -d || (k !== d && left < right);
    const startX = d === 0 ? 0 : down ? right : left;
    const startY = d === 0 ? 0 : down ? startX - k - 1 : startX - k + 1;
    while (x > startX && y > startY && !(d > 0 && x === startX + (down ? 0 : 1) && y === startY + (down ? 1 : 0))) {
      const [there = '', here = ''] = [a[--x], b[--y]];
      found.push(['both', there.length > here.length ? there : here]); // With the space behind it, which an answer that ends here lacks.
    }
    if (d > 0) found.push(down ? ['here', b[--y] ?? ''] : ['there', a[--x] ?? '']);
  }
  return found.reverse();
}
