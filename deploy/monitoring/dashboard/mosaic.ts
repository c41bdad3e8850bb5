/** Puts rows of widgets below one another on the grid. */
import type { Dashboard } from '../documents';
import type { Row, Widget } from './widgets';

/** The usual number of columns; the API takes 1 to 48 (google.monitoring.dashboard.v1.MosaicLayout). */
export const columns = 12;

/** @returns the widgets of one height, as many side by side as there is room, each row filled to the full width. */
export function rowsOf(widgets: readonly Widget[], abreast: number, height: number): readonly Row[] {
  const rowCount = Math.ceil(widgets.length / abreast);
  const each = Math.ceil(widgets.length / Math.max(1, rowCount));
  return Array.from({ length: rowCount }, (_, index) => {
    const inRow = widgets.slice(index * each, (index + 1) * each);
    const width = Math.floor(columns / inRow.length);
    // What is left over goes to the last one, so that no gap stays.
    return inRow.map((widget, at) => ({ widget, height, width: at === inRow.length - 1 ? columns - width * at : width }));
  });
}

/** @returns the layout: each row begins at the left, below the one before. */
export function mosaic(rows: readonly Row[]): Dashboard['mosaicLayout'] {
  let yPos = 0;
  const tiles = rows.flatMap((row) => {
    let xPos = 0;
    const placed = row.map(({ width, height, widget }) => {
      const tile = { xPos, yPos, width, height, widget };
      xPos += width;
      return tile;
    });
    yPos += Math.max(0, ...row.map(({ height }) => height));
    return placed;
  });
  return { columns, tiles };
}
