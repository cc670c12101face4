// Keeps the keyboard's place where what had the focus goes: a row that was deleted, a button that
// became another one, a page that was left. Without it a screen reader starts at the top again.
let last: HTMLElement | undefined;
let around: HTMLElement[] = [];

export function keepFocus(): void {
  addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    last = target;
    around = [];
    for (let place = target.parentElement; place && place !== document.body; place = place.parentElement) around.push(place);
  });
  // Who presses elsewhere, or leaves the window, leaves the place.
  const leave = (): void => {
    last = undefined;
  };
  addEventListener('pointerdown', leave, true);
  addEventListener('blur', ({ target }) => { if (target === window) leave(); });
  new MutationObserver(() => {
    if (last && document.activeElement === document.body) back(last);
  }).observe(document.body, { childList: true, subtree: true });
}

/** To what had the focus, if it was only moved, else to the nearest thing around it that is still there. */
function back(from: HTMLElement): void {
  if (from.isConnected) {
    from.focus({ preventScroll: true });
    return;
  }
  const place = around.find((one) => one.isConnected);
  if (!place) return;
  if (!place.hasAttribute('tabindex')) {
    place.setAttribute('tabindex', '-1');
    place.addEventListener('blur', () => place.removeAttribute('tabindex'), { once: true });
  }
  place.focus({ preventScroll: true });
}
