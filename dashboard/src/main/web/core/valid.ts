import { sayAt } from './errors.ts';
import { t } from './text.ts';

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const isField = (target: EventTarget | null): target is Field =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;

/** What is wrong with a field. */
function words(field: Field): string {
  if (field.validity.valueMissing) return t('valid.missing');
  const { type, inputMode, min, max } = field as HTMLInputElement;
  if (type === 'url') return t('valid.address');
  if (type === 'number' && min && max) return t('valid.range', { least: Number(min), most: Number(max) });
  if (inputMode === 'numeric') return t('valid.whole');
  return inputMode === 'decimal' || type === 'number' ? t('valid.number') : t('valid.letters');
}

/**
 * Says in the reader's language what is wrong with the first field of a form that cannot be sent; the
 * browser would say it in its own. For all forms of the page, those that are not there yet too.
 */
export function sayWhatIsInvalid(): void {
  document.addEventListener('invalid', (event) => {
    const { target } = event;
    if (!isField(target)) return;
    event.preventDefault();
    const fields = [...(target.form?.elements ?? [])].filter(isField);
    if (target === fields.find(({ validity }) => !validity.valid)) sayAt(target, words(target));
  }, true);
}

/** A file that misses the place for it would replace the page; text may be dropped into any field. */
export function dropNowhereElse(): void {
  for (const step of ['dragover', 'drop'] as const) {
    addEventListener(step, (event) => { if (event.dataTransfer?.types.includes('Files')) event.preventDefault(); });
  }
}
