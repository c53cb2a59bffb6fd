import { describe, expect, it } from 'vitest';
import { formFor, grid, stageLayout, type Rect } from './stageLayout.ts';

const desktop = { left: 0, top: 0, width: 1280, height: 660 };
const phone = { left: 0, top: 0, width: 366, height: 680 };
const counts = Array.from({ length: 16 }, (_, index) => index + 1);

const overlap = (a: Rect, b: Rect): boolean =>
  a.left < b.left + b.width - 0.01 &&
  b.left < a.left + a.width - 0.01 &&
  a.top < b.top + b.height - 0.01 &&
  b.top < a.top + a.height - 0.01;

function expectTidy(tiles: readonly Rect[], space: Rect): void {
  for (const [index, tile] of tiles.entries()) {
    expect(tile.width).toBeGreaterThan(0);
    expect(tile.left).toBeGreaterThanOrEqual(space.left - 0.01);
    expect(tile.top).toBeGreaterThanOrEqual(space.top - 0.01);
    expect(tile.left + tile.width).toBeLessThanOrEqual(space.left + space.width + 0.01);
    expect(tile.top + tile.height).toBeLessThanOrEqual(space.top + space.height + 0.01);
    expect(tiles.slice(index + 1).some((other) => overlap(tile, other))).toBe(false);
  }
}

describe('grid', () => {
  it.each(counts)('keeps %i tiles inside the space, apart, and of one size', (count) => {
    for (const space of [desktop, phone]) {
      const tiles = grid(space, count, formFor(space));
      expect(tiles).toHaveLength(count);
      expectTidy(tiles, space);
      expect(new Set(tiles.map((tile) => tile.width.toFixed(3))).size).toBe(1);
    }
  });

  it.each([
    [1, 1],
    [2, 2],
    [4, 2],
    [6, 3],
    [9, 3],
    [16, 4],
  ])('shows %i people in %i columns on a desktop', (count, columnCount) => {
    const [first] = grid(desktop, count, formFor(desktop));
    expect(grid(desktop, count, formFor(desktop)).filter((tile) => tile.top === first?.top)).toHaveLength(
      columnCount,
    );
  });

  it('keeps between 4:3 and 16:9 on a desktop', () => {
    for (const count of counts) {
      const [tile] = grid(desktop, count, formFor(desktop));
      const proportion = (tile?.width ?? 0) / (tile?.height ?? 1);
      expect(proportion).toBeGreaterThan(4 / 3 - 0.001);
      expect(proportion).toBeLessThan(16 / 9 + 0.001);
    }
  });

  it('stacks two people on a phone and gives them more than a thin strip', () => {
    const [first, second] = grid(phone, 2, formFor(phone));
    expect(second?.top).toBeGreaterThan(first?.top ?? Infinity);
    expect(first?.height).toBeGreaterThan(300);
  });

  it('puts an incomplete last row in the middle', () => {
    const [, , last] = grid(desktop, 3, formFor(desktop));
    expect((last?.left ?? 0) + (last?.width ?? 0) / 2).toBeCloseTo(desktop.width / 2);
  });
});

describe('stageLayout', () => {
  it.each(counts)('gives a shared screen more room than any of %i people', (count) => {
    for (const space of [desktop, phone]) {
      const { screens, people } = stageLayout(space, count, 1);
      expectTidy([...screens, ...people], space);
      const [screen] = screens;
      const largest = Math.max(...people.map((tile) => tile.width * tile.height));
      expect((screen?.width ?? 0) * (screen?.height ?? 0)).toBeGreaterThan(largest);
    }
  });

  it('puts the people beside the screen on a desktop and below it on a phone', () => {
    const wide = stageLayout(desktop, 3, 1);
    expect(wide.people[0]?.left).toBeGreaterThan(wide.screens[0]?.width ?? Infinity);
    const tall = stageLayout(phone, 3, 1);
    expect(tall.people[0]?.top).toBeGreaterThan(tall.screens[0]?.height ?? Infinity);
  });

  it('survives a stage that has no size yet', () => {
    const { screens, people } = stageLayout({ width: 0, height: 0 }, 4, 1);
    for (const tile of [...screens, ...people]) {
      expect(tile.width).toBeGreaterThanOrEqual(0);
      expect(tile.height).toBeGreaterThanOrEqual(0);
    }
  });
});
