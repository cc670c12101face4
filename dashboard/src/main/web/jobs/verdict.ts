import { number } from '../core/text.ts';
import type { Key } from '../i18n/en.ts';
import type { Checkpoint, Curves } from '../core/types.ts';
import { pair } from './measures.ts';

/** A moving mean that forgets; without the pull to zero at the start. */
export function smoothed(values: number[], weight: number): number[] {
  let sum = 0;
  let weights = 0;
  return values.map((value) => {
    sum = sum * weight + value * (1 - weight);
    weights = weights * weight + (1 - weight);
    return sum / weights;
  });
}

export interface Verdict {
  key: Key;
  good: boolean;
  values: Record<string, string | number>;
}

const STEPS_MIN = 20;
/** Each of them is the mean of many answers. */
const REWARDED_MIN = 8;

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * What the curves mean, in words: rules of thumb, each of which names its figures. Steps are
 * compared by fifths, so that one lucky batch decides nothing.
 */
export function verdicts(curves: Curves, valid: (number | null)[], checkpoints: Checkpoint[], over: boolean): Verdict[] {
  const reward = pair(curves, 'mean_reward').train.filter((value) => value !== null);
  // What is learnt there is the reward; the loss says little.
  if (reward.length) return [...rewarded(reward), ...(over ? bestRewarded(curves, checkpoints) : [])];
  const { train_loss: train, step } = curves;
  if (train.length < STEPS_MIN) return [];
  const fifth = Math.max(5, Math.floor(train.length / 5));
  const first = mean(train.slice(0, fifth));
  const last = mean(train.slice(-fifth));
  const found: Verdict[] = [];
  if (first < 0.05) {
    found.push({ key: 'verdict.nothing', good: false, values: { first: round(first) } });
  } else if (last > first * 0.97) {
    found.push({ key: 'verdict.flat', good: false, values: { first: round(first), last: round(last) } });
  } else {
    found.push({ key: 'verdict.falls', good: true, values: { first: round(first), last: round(last) } });
  }
  const measured = valid.flatMap((loss, i) => (loss === null ? [] : [{ loss, step: step[i] ?? 0 }]));
  if (measured.length >= 3) {
    const best = measured.reduce((least, one) => (one.loss < least.loss ? one : least));
    const end = measured[measured.length - 1] ?? best;
    if (end.loss > best.loss * 1.1) {
      found.push({ key: 'verdict.overfit', good: false, values: { best: round(best.loss), step: best.step, last: round(end.loss) } });
    }
  }
  const judged = checkpoints.filter((one) => one.valid_loss !== null);
  const best = judged.reduce<Checkpoint | undefined>(
    (least, one) => (least && (least.valid_loss ?? 0) <= (one.valid_loss ?? 0) ? least : one),
    undefined,
  );
  if (over && best && best !== judged.at(-1)) {
    found.push({ key: 'verdict.best', good: false, values: { step: best.step } });
  }
  return found;
}

function rewarded(reward: number[]): Verdict[] {
  if (reward.length < REWARDED_MIN) return [];
  const fifth = Math.max(3, Math.floor(reward.length / 5));
  const [first, last] = [mean(reward.slice(0, fifth)), mean(reward.slice(-fifth))];
  const good = last > first + Math.max(0.01, Math.abs(first) * 0.03);
  return [{ key: good ? 'verdict.rewardRises' : 'verdict.rewardFlat', good, values: { first: round(first), last: round(last) } }];
}

/** By what answers to rows held out were worth at each checkpoint. */
function bestRewarded(curves: Curves, checkpoints: Checkpoint[]): Verdict[] {
  const { valid } = pair(curves, 'mean_reward');
  const judged = checkpoints.flatMap(({ step }) => {
    const reward = valid[curves.step.indexOf(step)];
    return reward == null ? [] : [{ step, reward }];
  });
  const best = judged.reduce<(typeof judged)[number] | undefined>((most, one) => (most && most.reward >= one.reward ? most : one), undefined);
  return best && best.reward > (judged.at(-1)?.reward ?? best.reward) ? [{ key: 'verdict.best', good: false, values: { step: best.step } }] : [];
}

const round = (value: number): string => number(value, { maximumFractionDigits: value < 0.1 ? 4 : 2 });
