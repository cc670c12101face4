import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { get, post, put, remove } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { foreign, t } from '../core/text.ts';
import type { Listing, Model } from '../core/types.ts';
import { View } from '../core/view.ts';

interface Alias {
  name: string;
  model: string;
  built_in: boolean;
  answers: boolean;
}

/** What was done last, and how it is taken back. */
interface Done {
  words: string;
  back: () => Promise<unknown>;
}

const ALIASES = '/internal/ui/aliases';
const path = (name: string): string => `${ALIASES}/${encodeURIComponent(name)}`;

// Names that stand for models: made, moved, removed, and each of that taken back by one press.
@customElement('luthier-aliases')
export class Aliases extends View {
  @property({ attribute: false }) models: Model[] = [];
  @state() private aliases: Alias[] | undefined;
  @state() private chosen: Record<string, string> = {};
  @state() private name = '';
  @state() private model = '';
  @state() private wrong: TemplateResult | string = '';
  @state() private done: Done | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.ask().catch((failure: unknown) => (this.wrong = complaint(failure)));
  }

  private async ask(): Promise<void> {
    this.aliases = (await get<Listing<Alias>>(ALIASES)).data;
  }

  protected override render(): TemplateResult {
    return html`<section aria-labelledby="aliases-title">
      <h2 id="aliases-title">${t('alias.title')}</h2>
      <p class="hint">${t('alias.what')}</p>
      ${this.form()}
      <p role="alert" class="complaint">${this.wrong}</p>
      <p role="status" class="done">${this.done ? html`<span>${this.done.words}</span> <button class="small" @click=${() => void this.undo()}>${t('app.undo')}</button>` : nothing}</p>
      ${this.aliases === undefined
        ? this.wrong ? nothing : html`<p class="loading">${t('app.loading')}</p>`
        : html`<div class="table-box card stacked"><table>
            <thead><tr>
              <th scope="col">${t('alias.name')}</th><th scope="col">${t('alias.model')}</th>
              <th scope="col"><span class="visually-hidden">${t('app.actions')}</span></th>
            </tr></thead>
            <tbody>${this.aliases.map((alias) => this.line(alias))}</tbody>
          </table></div>`}
    </section>`;
  }

  private form(): TemplateResult {
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      const name = this.name.trim();
      const model = this.model || (this.models[0]?.id ?? '');
      void this.change(
        () => post(ALIASES, { name, model }),
        t('alias.made', { name: isolated(name), model: isolated(model) }),
        () => remove(path(name)),
      ).then((good) => (this.name = good ? '' : this.name));
    };
    return html`<form class="alias-form card" @submit=${submit}>
      <label>${t('alias.new')}
        <input name="alias" required maxlength="200" dir="ltr" .value=${this.name} @input=${(event: Event) => (this.name = (event.target as HTMLInputElement).value)} /></label>
      <label>${t('alias.model')} ${this.choice(this.model || (this.models[0]?.id ?? ''), (model) => (this.model = model))}</label>
      <button class="primary" ?disabled=${this.models.length === 0}>${t('alias.make')}</button>
    </form>`;
  }

  private choice(model: string, choose: (model: string) => void, label?: string): TemplateResult {
    const ids = this.models.map(({ id }) => id);
    const all = ids.includes(model) || !model ? ids : [model, ...ids];
    return html`<select aria-label=${label ?? nothing} dir="ltr" @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
      ${all.map((id) => html`<option value=${id} ?selected=${id === model}>${id}</option>`)}
    </select>`;
  }

  private line(alias: Alias): TemplateResult {
    const { name, model } = alias;
    const chosen = this.chosen[name] ?? model;
    const whose = html`<span class="visually-hidden"> ${foreign(name)}</span>`;
    return html`<tr>
      <td><code class="name">${foreign(name)}</code>${alias.built_in ? html` <span class="tag">${t('alias.builtIn')}</span>` : nothing}</td>
      <td>${this.choice(chosen, (other) => (this.chosen = { ...this.chosen, [name]: other }), t('alias.modelOf', { name }))}
        ${alias.answers ? nothing : html`<span class="complaint">${t('alias.gone')}</span>`}</td>
      <td class="row-actions">
        <button class="small" ?disabled=${chosen === model} @click=${() => void this.move(alias, chosen)}>${t('alias.move')}${whose}</button>
        <button class="small danger" @click=${() => void this.take(alias)}>${t('app.delete')}${whose}</button>
      </td>
    </tr>`;
  }

  private async move({ name, model: before }: Alias, model: string): Promise<void> {
    await this.change(
      () => put(path(name), { model }),
      t('alias.made', { name: isolated(name), model: isolated(model) }),
      () => put(path(name), { model: before }),
    );
  }

  private async take({ name, model }: Alias): Promise<void> {
    await this.change(() => remove(path(name)), t('alias.removed', { name: isolated(name) }), () => put(path(name), { model }));
  }

  private async change(act: () => Promise<unknown>, words: string, back: () => Promise<unknown>): Promise<boolean> {
    this.wrong = '';
    this.done = undefined;
    try {
      await act();
      this.done = { words, back };
      this.chosen = {};
      await this.ask();
      return true;
    } catch (failure) {
      this.wrong = complaint(failure);
      return false;
    }
  }

  private async undo(): Promise<void> {
    const { done } = this;
    this.done = undefined;
    this.wrong = '';
    try {
      await done?.back();
    } catch (failure) {
      this.wrong = complaint(failure);
    }
    await this.ask().catch(() => undefined);
  }
}

/** A name that is written from left to right stays whole in a sentence that is not. */
const isolated = (name: string): string => '\u2068' + name + '\u2069';
