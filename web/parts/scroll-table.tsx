/** A table that can be scrolled sideways, also by keyboard, where the window is too narrow for it. */
import type { ComponentChildren, VNode } from 'preact';

interface ScrollTableProps {
  readonly caption: string;
  readonly head: readonly string[];
  readonly children: ComponentChildren;
}

export function ScrollTable({ caption, head, children }: ScrollTableProps): VNode {
  return (
    <div class="scroll" role="region" aria-label={caption} tabIndex={0}>
      <table class="left">
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {head.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
