/** A place on the stage, in CSS pixels from its top left corner. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Space {
  readonly width: number;
  readonly height: number;
}

export interface StageLayout {
  readonly screens: readonly Rect[];
  readonly people: readonly Rect[];
}

const gap = 12;
const widest = 16 / 9;

/** How a grid may form its tiles. */
interface Form {
  /** Width by height of the tallest tile; 16:9 is the flattest. */
  readonly narrowest: number;
  readonly leastColumns: number;
}

/**
 * Where the tiles go. Without a shared screen the people fill the stage; with one it takes most of it, and the
 * people stand beside it where the stage is wide, below it where it is tall.
 */
export function stageLayout(space: Space, peopleCount: number, screenCount: number): StageLayout {
  const whole = { left: 0, top: 0, ...space };
  if (screenCount === 0) {
    return { screens: [], people: grid(whole, peopleCount, formFor(whole)) };
  }

  return space.width >= space.height
    ? beside(whole, peopleCount, screenCount)
    : below(whole, peopleCount, screenCount);
}

/** Tiles may lose a little at the sides to fill the stage, and more of it on a phone held upright. */
export function formFor({ width, height }: Space): Form {
  return { narrowest: width < 600 && height > width ? 1 : 4 / 3, leastColumns: 1 };
}

/** People in a strip at the right. */
function beside({ width, height }: Rect, peopleCount: number, screenCount: number): StageLayout {
  const strip = Math.min(Math.max(width * 0.22, 150), 320);
  const main = Math.max(width - strip - gap, 0);

  return {
    screens: stack({ left: 0, top: 0, width: main, height }, screenCount),
    people: grid({ left: main + gap, top: 0, width: strip, height }, peopleCount, {
      narrowest: widest,
      leastColumns: 1,
    }),
  };
}

/**
 * People under the screen, which is no taller than its picture would be. Even a single person takes half of the
 * width at most, so that the screen stays the larger one.
 */
function below({ width, height }: Rect, peopleCount: number, screenCount: number): StageLayout {
  const main = Math.min((width / widest) * screenCount, height * (peopleCount > 4 ? 0.45 : 0.6));
  const strip = { left: 0, top: main + gap, width, height: Math.max(height - main - gap, 0) };
  const people = grid(strip, peopleCount, { narrowest: 1, leastColumns: 2 });
  // The strip has its people in its middle; the screen comes down to them, and all of it is in the middle.
  const slack = Math.max((people[0]?.top ?? strip.top) - strip.top, 0);

  return { screens: stack({ left: 0, top: slack, width, height: main }, screenCount), people };
}

/** Equal parts of a space, stacked: a shared screen uses all it gets, whatever its proportions. */
function stack({ left, top, width, height }: Rect, count: number): Rect[] {
  const each = Math.max((height - gap * (count - 1)) / count, 0);

  return Array.from({ length: count }, (_, index) => ({
    left,
    top: top + index * (each + gap),
    width,
    height: each,
  }));
}

/** Tiles of one size in the number of columns that makes them largest, the last row in the middle. */
export function grid(space: Rect, count: number, { narrowest, leastColumns }: Form): Rect[] {
  if (count === 0) {
    return [];
  }
  const most = Math.max(count, leastColumns);
  const candidates = Array.from({ length: most - leastColumns + 1 }, (_, index) =>
    tileFor(space, count, leastColumns + index, narrowest),
  );
  // The first of equals has the fewest columns.
  const best = candidates.reduce((first, other) => (areaOf(other) > areaOf(first) ? other : first));

  return placed(space, count, best);
}

interface Tile {
  readonly columnCount: number;
  readonly width: number;
  readonly height: number;
}

const areaOf = ({ width, height }: Tile): number => width * height;

function tileFor(space: Rect, count: number, columnCount: number, narrowest: number): Tile {
  const rowCount = Math.ceil(count / columnCount);
  const width = Math.max((space.width - gap * (columnCount - 1)) / columnCount, 0);
  const height = Math.max((space.height - gap * (rowCount - 1)) / rowCount, 0);
  const proportion = width / Math.max(height, 1);
  if (proportion > widest) {
    return { columnCount, width: height * widest, height };
  }

  return { columnCount, width, height: proportion < narrowest ? width / narrowest : height };
}

function placed(space: Rect, count: number, { columnCount, width, height }: Tile): Rect[] {
  const rowCount = Math.ceil(count / columnCount);
  const top = space.top + (space.height - rowCount * height - (rowCount - 1) * gap) / 2;

  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columnCount);
    const inRow = Math.min(columnCount, count - row * columnCount);
    const left = space.left + (space.width - inRow * width - (inRow - 1) * gap) / 2;

    return {
      left: left + (index % columnCount) * (width + gap),
      top: top + row * (height + gap),
      width,
      height,
    };
  });
}
