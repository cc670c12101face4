import { LitElement } from 'lit';
import { changes } from './settings.ts';

// A part of a page. Drawn without a shadow root, so that one style sheet, one set of ids and one
// order of headings hold for the whole page; drawn anew when language or theme change.
export abstract class View extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private readonly redraw = (): void => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    changes.addEventListener('change', this.redraw);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    changes.removeEventListener('change', this.redraw);
  }
}
