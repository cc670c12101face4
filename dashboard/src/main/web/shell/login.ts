import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ApiError, connection, logIn } from '../core/api.ts';
import { t } from '../core/text.ts';
import { View } from '../core/view.ts';

@customElement('luthier-login')
export class Login extends View {
  @property({ type: Boolean }) linkRefused = false;
  @state() private wrong = false;
  @state() private busy = false;

  protected override render(): TemplateResult {
    const complaint = this.wrong ? t('login.wrong') : this.linkRefused ? t('login.linkUsed') : '';
    return html`<form class="login card" @submit=${this.submit}>
      <h1>${t('login.title')}</h1>
      ${connection.expired ? html`<p role="status">${t('login.expired')}</p>` : nothing}
      <label for="key">${t('login.key')}</label>
      <input id="key" name="key" type="password" autocomplete="current-password" required dir="ltr"
        aria-describedby="key-hint" aria-invalid=${this.wrong ? 'true' : nothing} />
      <p id="key-hint" class="hint">${t('login.hint')}</p>
      <p role="alert" class="complaint">${complaint}</p>
      <button class="primary" ?disabled=${this.busy}>${t('login.button')}</button>
    </form>`;
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const key = new FormData(event.target as HTMLFormElement).get('key');
    this.busy = true;
    this.wrong = false;
    try {
      await logIn({ key: String(key).trim() });
    } catch (failure) {
      this.wrong = failure instanceof ApiError && failure.status === 401;
    } finally {
      this.busy = false;
    }
  }
}
