import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { get, post, remove } from '../core/api.ts';
import { complaint } from '../core/errors.ts';
import { foreign, moment, t } from '../core/text.ts';
import type { Checkpoint, Listing } from '../core/types.ts';
import { View } from '../core/view.ts';

interface Permission {
  id: string;
  created_at: number;
  project_id: string;
}

// Which projects may use a checkpoint: without any permission, all of them.
@customElement('luthier-permissions')
export class Permissions extends View {
  @property({ attribute: false }) checkpoints: Checkpoint[] = [];
  @state() private model = '';
  @state() private granted: Permission[] | undefined;
  @state() private project = '';
  @state() private wrong: TemplateResult | string = '';
  @state() private open = false;

  private get path(): string {
    return `/v1/fine_tuning/checkpoints/${encodeURIComponent(this.model)}/permissions`;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const names = this.checkpoints.map(({ model }) => model);
    if (changed.has('checkpoints') && !names.includes(this.model)) {
      this.model = names.at(-1) ?? '';
      if (this.open) void this.ask();
    }
  }

  private async ask(): Promise<void> {
    const { model } = this;
    this.wrong = '';
    this.granted = undefined;
    try {
      const { data } = await get<Listing<Permission>>(this.path + '?limit=1000&order=ascending');
      if (model === this.model) this.granted = data;
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }

  protected override render(): TemplateResult {
    const opened = (event: Event): void => {
      this.open = (event.target as HTMLDetailsElement).open;
      if (this.open && this.granted === undefined) void this.ask();
    };
    const chosen = (event: Event): void => {
      this.model = (event.target as HTMLSelectElement).value;
      void this.ask();
    };
    return html`<details class="permissions card" @toggle=${opened}>
      <summary>${t('grant.title')}</summary>
      <div class="permissions-body">
        <p class="hint">${t('grant.what')}</p>
        <label>${t('models.checkpoint')}
          <select dir="ltr" @change=${chosen}>${this.checkpoints.map(
            ({ model }) => html`<option value=${model} ?selected=${model === this.model}>${model}</option>`,
          )}</select></label>
        ${this.list()}
        <form @submit=${this.submit}>
          <label>${t('grant.project')}
            <input required maxlength="64" pattern="[A-Za-z0-9_\\-]+" dir="ltr" placeholder="proj_…" .value=${this.project}
              @input=${(event: Event) => (this.project = (event.target as HTMLInputElement).value)} /></label>
          <button>${t('grant.give')}</button>
        </form>
        <p role="alert" class="complaint">${this.wrong}</p>
      </div>
    </details>`;
  }

  private list(): TemplateResult | typeof nothing {
    if (this.granted === undefined) return nothing;
    if (this.granted.length === 0) return html`<p role="status">${t('grant.all')}</p>`;
    return html`<div role="status"><ul class="granted">${this.granted.map(
      (one) => html`<li><code>${foreign(one.project_id)}</code> <span class="hint">${moment(one.created_at)}</span>
        <button class="small danger" @click=${() => void this.change(() => remove(`${this.path}/${encodeURIComponent(one.id)}`))}>${t('grant.take')}<span
          class="visually-hidden"> ${foreign(one.project_id)}</span></button></li>`,
    )}</ul></div>`;
  }

  private readonly submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const project = this.project.trim();
    void this.change(async () => {
      await post(this.path, { project_ids: [project] });
      this.project = '';
    });
  };

  private async change(act: () => Promise<unknown>): Promise<void> {
    this.wrong = '';
    try {
      await act();
      await this.ask();
    } catch (failure) {
      this.wrong = complaint(failure);
    }
  }
}
