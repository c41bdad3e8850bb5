/** Keeps the focus where it was when what is shown is put into another order. */

let last: Element | null = null;

const isNowhere = (): boolean => !document.activeElement || document.activeElement === document.body;

function restore(): void {
  if (!last || !isNowhere()) return;
  const again = last.isConnected ? last : last.id === '' ? null : document.getElementById(last.id);
  if (again instanceof HTMLElement || again instanceof SVGElement) again.focus({ preventScroll: true });
}

/** On its way from one element to the next the focus is nowhere for a moment: whoever looks then would hold it for ever. */
const once = (look: () => void): unknown => setTimeout(look);

export function keepFocus(root: Element): void {
  document.addEventListener('focusin', ({ target }) => void (last = target instanceof Element ? target : null));
  // It left what is still there, and came to nothing else: somebody wants it outside the page.
  document.addEventListener('focusout', ({ target }) =>
    once(() => {
      if (target === last && last?.isConnected && isNowhere()) last = null;
    }),
  );
  // Who clicks beside everything wants the focus nowhere.
  document.addEventListener('pointerdown', () => void (last = null));
  new MutationObserver(() => once(restore)).observe(root, { childList: true, subtree: true });
}
