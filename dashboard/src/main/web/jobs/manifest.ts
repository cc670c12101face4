import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { get } from '../core/api.ts';
import { complaint, english } from '../core/errors.ts';
import { methodName } from '../core/methods.ts';
import { number, t } from '../core/text.ts';
import type { Key } from '../i18n/en.ts';
import { View } from '../core/view.ts';
import { copy } from '../parts/copy.ts';

interface Manifest {
  facts: Record<string, string>;
  steps: number;
  losses_sha256: string;
}

/** In the order in which a reader asks; what the page has no words for comes after these. */
const FACTS: [string, Key][] = [
  ['build', 'manifest.build'], ['processor', 'manifest.processor'], ['compute', 'manifest.compute'], ['precision', 'manifest.precision'],
  ['threads', 'manifest.threads'], ['base', 'job.base'], ['base_sha256', 'manifest.baseHash'], ['template_sha256', 'manifest.templateHash'],
  ['parent_adapter', 'manifest.parent'], ['training_rows', 'manifest.trainingRows'], ['training_sha256', 'manifest.trainingHash'],
  ['validation_rows', 'manifest.validationRows'], ['validation_sha256', 'manifest.validationHash'], ['items_sha256', 'manifest.itemsHash'], ['grader_sha256', 'manifest.graderHash'],
  ['method', 'job.method'],
  ['epochs', 'job.epochs'], ['batch_size', 'job.batch'], ['learning_rate', 'metric.rate'], ['seed', 'job.seed'],
];

// What a job's losses follow from, and the command that trains its first steps again and compares.
@customElement('luthier-manifest')
export class ManifestView extends View {
  @property() jobId = '';
  /** How many steps the page knows of: with the first one the manifest is there. */
  @property({ type: Number }) steps = 0;
  @state() private shown: Manifest | undefined;
  @state() private wrong: TemplateResult | string = '';
  @state() private copied = '';

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('jobId') || changed.has('steps')) void this.ask();
  }

  private async ask(): Promise<void> {
    const { jobId } = this;
    try {
      const shown = await get<Manifest>(`/v1/fine_tuning/jobs/${encodeURIComponent(jobId)}/manifest`);
      if (jobId === this.jobId) this.shown = shown;
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  protected override render(): TemplateResult {
    const { shown } = this;
    if (!shown) return html`<p role="alert" class="complaint">${this.wrong}</p>${this.wrong ? nothing : html`<p class="loading">${t('app.loading')}</p>`}`;
    const { facts } = shown;
    if (Object.keys(facts).length === 0) return html`<p class="empty">${t('manifest.none')}</p>`;
    const known = FACTS.filter(([name]) => facts[name]);
    const others = Object.keys(facts).filter((name) => !FACTS.some(([one]) => one === name));
    return html`${this.command(`luthier verify ${this.jobId}`)}
      <dl class="fields manifest">
        ${known.map(([name, key]) => fact(t(key), said(name, facts[name] ?? '')))}
        ${others.map((name) => fact(html`<code>${name}</code>`, facts[name] ?? ''))}
        ${fact(t('manifest.losses', { n: number(shown.steps) }), shown.losses_sha256)}
      </dl>`;
  }

  private command(text: string): TemplateResult {
    return html`<p class="hint">${t('manifest.what')}</p>
      <div class="command"><pre dir="ltr" tabindex="0" aria-label=${t('manifest.command')}>${text}</pre>
        <button class="small" @click=${() => void this.copy(text)}>${t('code.copy')}</button>
        <span role="status" class="hint">${this.copied}</span></div>
      <p class="hint">${t('manifest.verify')}</p>`;
  }

  private async copy(text: string): Promise<void> {
    this.copied = t((await copy(text)) ? 'code.copied' : 'code.notCopied');
  }
}

/** A value in the reader's words where it is no name, number or hash. */
function said(name: string, value: string): TemplateResult | string {
  if (name === 'method') return method(value);
  return name === 'compute' ? english(value) : value;
}

const fact = (name: TemplateResult | string, value: TemplateResult | string): TemplateResult => html`<div><dt>${name}</dt><dd><code class="name"><bdi dir="ltr">${value}</bdi></code></dd></div>`;

/** The trainer tells its method as JSON, with its settings where it has any of its own. */
function method(text: string): string {
  try {
    const { type, ...settings } = JSON.parse(text) as Record<string, unknown>;
    return [methodName(String(type)), ...Object.entries(settings).map(([name, value]) => `${name} ${JSON.stringify(value)}`)].join(', ');
  } catch {
    return methodName(text);
  }
}
