import { duration, t } from '../core/text.ts';
import type { Estimate } from '../core/types.ts';

/** A time that was estimated. Of answers nobody knows how long they will be, so theirs is the most. */
export const estimated = ({ seconds, at_most: most }: Estimate): string => (most ? t('create.atMost', { time: duration(seconds) }) : duration(seconds));
