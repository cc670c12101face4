import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { t } from '../core/text.ts';
import type { Integration } from '../core/types.ts';
import { View } from '../core/view.ts';

const WANDB = ['project', 'name', 'entity', 'tags'] as const;
type Field = (typeof WANDB)[number];

// Where a job's figures go besides this dashboard.
@customElement('luthier-integrations')
export class Integrations extends View {
  /** What an earlier job had; the form begins with it. */
  @property({ attribute: false }) from: Integration[] = [];
  @state() private wandb: Record<Field, string> = { project: '', name: '', entity: '', tags: '' };
  @state() private tensorboard = false;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('from') || this.from.length === 0) return;
    this.tensorboard = this.from.some(({ type }) => type === 'tensorboard');
    const known = this.from.find(({ type }) => type === 'wandb')?.wandb;
    if (known) {
      this.wandb = { project: known.project, name: known.name ?? '', entity: known.entity ?? '', tags: (known.tags ?? []).join(', ') };
    }
  }

  /** As the API takes it; empty when nothing was asked. */
  get value(): Integration[] {
    const { project, name, entity, tags } = this.wandb;
    const list = tags.split(',').map((tag) => tag.trim()).filter(Boolean);
    return [
      ...(project.trim()
        ? [{ type: 'wandb', wandb: { project: project.trim(), ...(name.trim() && { name: name.trim() }), ...(entity.trim() && { entity: entity.trim() }), ...(list.length && { tags: list }) } }]
        : []),
      ...(this.tensorboard ? [{ type: 'tensorboard' }] : []),
    ];
  }

  protected override render(): TemplateResult {
    return html`<details>
      <summary>${t('outlet.title')}</summary>
      <div class="group-body">
        ${WANDB.map(
          (field) => html`<label>${t(`outlet.${field}`)}
            <input name=${'wandb-' + field} maxlength="500" dir="auto" .value=${this.wandb[field]}
              @input=${(event: Event) => (this.wandb = { ...this.wandb, [field]: (event.target as HTMLInputElement).value })} /></label>`,
        )}
        <p class="hint">${t('outlet.hint')}</p>
        <label class="check"><input type="checkbox" .checked=${this.tensorboard} @change=${(event: Event) => (this.tensorboard = (event.target as HTMLInputElement).checked)} /> ${t('outlet.tensorboard')}</label>
      </div>
    </details>`;
  }
}
