/** Keeps the focus where it was when what is shown is put into another order. */

let last: Element | null = null;

function restore(): void {
  if (!last || (document.activeElement && document.activeElement !== document.body)) return;
  const again = last.isConnected ? last : last.id === '' ? null : document.getElementById(last.id);
  if (again instanceof HTMLElement || again instanceof SVGElement) again.focus({ preventScroll: true });
}

export function keepFocus(root: Element): void {
  document.addEventListener('focusin', ({ target }) => void (last = target instanceof Element ? target : null));
  // Who clicks beside everything wants the focus nowhere.
  document.addEventListener('pointerdown', () => void (last = null));
  new MutationObserver(restore).observe(root, { childList: true, subtree: true });
}
