import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { t } from '../core/text.ts';
import { View } from '../core/view.ts';
import { copy } from './copy.ts';

const LANGUAGES = ['curl', 'Python', 'Node', 'Java'] as const;
export type Language = (typeof LANGUAGES)[number];

// What the page does, as a program would do it.
@customElement('luthier-code')
export class Code extends View {
  @property({ attribute: false }) text: (language: Language) => string = () => '';
  @state() private language: Language = 'Python';
  @state() private copied = '';

  protected override render(): TemplateResult {
    const text = this.text(this.language);
    return html`<div class="code">
      <div class="filters" role="group" aria-label=${t('code.language')}>
        ${LANGUAGES.map(
          (language) => html`<button aria-pressed=${String(language === this.language)} @click=${() => this.choose(language)}>${language}</button>`,
        )}
        <button @click=${() => void this.copy(text)}>${t('code.copy')}</button>
        <span role="status" class="hint">${this.copied}</span>
      </div>
      <pre dir="ltr" tabindex="0" aria-label=${this.language}>${text}</pre>
    </div>`;
  }

  private choose(language: Language): void {
    this.language = language;
    this.copied = '';
  }

  private async copy(text: string): Promise<void> {
    this.copied = t((await copy(text)) ? 'code.copied' : 'code.notCopied');
  }
}
