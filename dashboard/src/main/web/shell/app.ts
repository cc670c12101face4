import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { connection, findSession, logIn, logOut, probe } from '../core/api.ts';
import { keepFocus } from '../core/focus.ts';
import { read, type Route } from '../core/route.ts';
import { LANGUAGES, settings, type Language, type Theme } from '../core/settings.ts';
import { t } from '../core/text.ts';
import { dropNowhereElse, sayWhatIsInvalid } from '../core/valid.ts';
import { View } from '../core/view.ts';
import type { Key } from '../i18n/en.ts';
import './login.ts';
import '../batches/page.ts';
import '../compare/page.ts';
import '../create/page.ts';
import '../evals/page.ts';
import '../files/page.ts';
import '../jobs/page.ts';
import '../models/page.ts';
import '../playground/page.ts';
import '../usage/page.ts';
import '../webhooks/page.ts';

const PAGES: [string, Key][] = [
  ['jobs', 'app.fineTuning'],
  ['files', 'app.files'],
  ['models', 'app.models'],
  ['evals', 'evals.title'],
  ['batches', 'app.batches'],
  ['usage', 'app.usage'],
  ['webhooks', 'app.webhooks'],
  ['playground', 'app.playground'],
];

keepFocus();
sayWhatIsInvalid();
dropNowhereElse();

const LINK = /^#link=([A-Za-z0-9]+)$/;

// The frame around every page: who is logged in, where to go, language and theme.
@customElement('luthier-app')
export class App extends View {
  @state() private route: Route = read();
  @state() private linkRefused = false;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.moved);
    connection.addEventListener('change', this.changed);
    void this.begin();
  }

  private readonly changed = (): void => {
    this.requestUpdate();
    if (connection.lost) void probe();
  };

  /** A link that logs in may come to a page that is open already. */
  private readonly moved = (): void => {
    if (LINK.test(location.hash)) void this.begin();
    else this.route = read();
  };

  /** By the link that the server printed, or by the cookie of an earlier visit. */
  private async begin(): Promise<void> {
    const code = LINK.exec(location.hash)?.[1];
    try {
      if (code) {
        history.replaceState(null, '', '#/jobs');
        this.route = read();
        this.linkRefused = false;
        try {
          await logIn({ link: code });
          return;
        } catch {
          this.linkRefused = true;
        }
      }
      await findSession();
    } catch {
      setTimeout(() => void this.begin(), 2000);
    }
  }

  protected override render(): TemplateResult {
    const name = PAGES.find(([page]) => page === this.route.page)?.[1] ?? 'app.fineTuning';
    document.title = `${t(connection.session === 'out' ? 'login.title' : name)} – Luthier`;
    return html`
      <a class="skip" href="#content" @click=${this.skip}>${t('app.skip')}</a>
      <header class="bar">
        <a class="brand" href="#/jobs"><img src="/favicon.ico" alt="" width="22" height="22" />Luthier</a>
        ${connection.session === 'in' ? this.menu() : nothing}
        <div class="choices">${this.languages()} ${this.themes()} ${this.leave()}</div>
      </header>
      <div role="status" class="lost" ?hidden=${!connection.lost}>${connection.lost ? t('app.lost') : nothing}</div>
      <main id="content" tabindex="-1">${this.page()}</main>
    `;
  }

  private skip(event: Event): void {
    event.preventDefault();
    this.querySelector<HTMLElement>('#content')?.focus();
  }

  private menu(): TemplateResult {
    // A comparison is a view of jobs.
    const here = this.route.page === 'compare' ? 'jobs' : this.route.page;
    const entry = (page: string, name: string): TemplateResult =>
      html`<a href=${'#/' + page} aria-current=${here === page ? 'page' : nothing}>${name}</a>`;
    return html`<nav aria-label=${t('app.menu')}>${PAGES.map(([page, name]) => entry(page, t(name)))}</nav>`;
  }

  private languages(): TemplateResult {
    const chosen = (event: Event): void => {
      settings.language = (event.target as HTMLSelectElement).value as Language;
    };
    return html`<select aria-label=${t('app.language')} @change=${chosen}>
      ${Object.entries(LANGUAGES).map(
        ([code, { name }]) => html`<option value=${code} lang=${code} ?selected=${settings.language === code}>${name}</option>`,
      )}
    </select>`;
  }

  private themes(): TemplateResult {
    const chosen = (event: Event): void => {
      settings.theme = (event.target as HTMLSelectElement).value as Theme;
    };
    return html`<select aria-label=${t('app.theme')} @change=${chosen}>
      ${(['system', 'light', 'dark'] as const).map(
        (theme) => html`<option value=${theme} ?selected=${settings.theme === theme}>${t(`app.theme.${theme}`)}</option>`,
      )}
    </select>`;
  }

  private leave(): TemplateResult | typeof nothing {
    return connection.session === 'in'
      ? html`<button class="quiet" @click=${() => void logOut()}>${t('app.logOut')}</button>`
      : nothing;
  }

  private page(): unknown {
    if (connection.session === 'unknown') return html`<p class="loading">${t('app.loading')}</p>`;
    if (connection.session === 'out') {
      return html`<luthier-login .linkRefused=${this.linkRefused}></luthier-login>`;
    }
    const { page, id, query } = this.route;
    switch (page) {
      case 'files':
        return html`<luthier-files .selected=${id} .query=${query}></luthier-files>`;
      case 'compare':
        return html`<luthier-compare .jobs=${id}></luthier-compare>`;
      case 'batches':
        return html`<luthier-batches></luthier-batches>`;
      case 'usage':
        return html`<luthier-usage></luthier-usage>`;
      case 'webhooks':
        return html`<luthier-webhooks .selected=${id}></luthier-webhooks>`;
      case 'evals':
        return html`<luthier-evals .selected=${id}></luthier-evals>`;
      case 'models':
        return html`<luthier-models></luthier-models>`;
      case 'playground':
        return html`<luthier-playground .query=${query}></luthier-playground>`;
      default:
        return id === 'new'
          ? // Another address is another form.
            keyed(query.toString(), html`<luthier-create .query=${query}></luthier-create>`)
          : html`<luthier-jobs .selected=${id}></luthier-jobs>`;
    }
  }
}
