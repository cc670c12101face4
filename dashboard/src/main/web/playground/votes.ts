import { html, nothing, type TemplateResult } from 'lit';
import { remember, remembered } from '../core/memory.ts';
import { foreign, number, t } from '../core/text.ts';

const VOTES_MAX = 2000;

interface Vote {
  /** Who answered … */
  models: string[];
  /** … and who did best; null for no difference. */
  winner: string | null;
}

export interface Score {
  model: string;
  won: number;
  votes: number;
}

function read(): Vote[] {
  try {
    const kept: unknown = JSON.parse(remembered('votes') ?? '[]');
    return Array.isArray(kept) ? kept.filter(isVote) : [];
  } catch {
    return [];
  }
}

function isVote(one: unknown): one is Vote {
  const { models, winner } = (one ?? {}) as Partial<Vote>;
  return Array.isArray(models) && models.every((model) => typeof model === 'string') && (winner === null || typeof winner === 'string');
}

export function vote(models: string[], winner: string | null): void {
  remember('votes', JSON.stringify([...read(), { models, winner }].slice(-VOTES_MAX)));
}

export function forget(): void {
  remember('votes', '[]');
}

/** Best first. */
export function scores(): { scores: Score[]; votes: number; even: number } {
  const votes = read();
  const byModel = new Map<string, Score>();
  for (const { models, winner } of votes) {
    for (const model of new Set(models)) {
      const score = byModel.get(model) ?? { model, won: 0, votes: 0 };
      score.votes++;
      if (model === winner) score.won++;
      byModel.set(model, score);
    }
  }
  const best = [...byModel.values()].sort((a, b) => b.won / b.votes - a.won / a.votes || b.votes - a.votes);
  return { scores: best, votes: votes.length, even: votes.filter(({ winner }) => winner === null).length };
}

export function drawTally(reset: () => void): TemplateResult {
  const tally = scores();
  return html`<section class="card tally" aria-labelledby="tally-title">
    <header>
      <h2 id="tally-title">${t('vote.tally')}</h2>
      <span class="hint">${t('vote.count', { n: tally.votes })}${tally.even ? html` · ${t('vote.evenCount', { n: tally.even })}` : nothing}</span>
      ${tally.votes ? html`<button class="small" @click=${reset}>${t('vote.reset')}</button>` : nothing}
    </header>
    ${tally.votes
      ? html`<div class="table-box"><table>
          <thead><tr><th scope="col">${t('job.model')}</th><th scope="col" class="number">${t('vote.won')}</th><th scope="col" class="number">${t('vote.of')}</th>
            <th scope="col">${t('vote.share')}</th></tr></thead>
          <tbody>${tally.scores.map(
            ({ model, won, votes }) => html`<tr><td><code class="name">${foreign(model)}</code></td><td class="number">${number(won)}</td><td class="number">${number(votes)}</td>
              <td><span class="share"><progress max="1" .value=${won / votes} aria-hidden="true"></progress>
                <span class="number">${number(won / votes, { style: 'percent', maximumFractionDigits: 0 })}</span></span></td></tr>`,
          )}</tbody>
        </table></div>`
      : html`<p class="hint">${t('vote.none')}</p>`}
  </section>`;
}
