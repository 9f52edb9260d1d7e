import type { Picture, Rgba } from './picture.ts'

const CLEAR: Rgba = [0, 0, 0, 0]
const solid = (hex: number): Rgba => [hex >> 16, (hex >> 8) & 255, hex & 255, 255]

/** Whether a point lies in a circle. */
const inside = (x: number, y: number, cx: number, cy: number, radius: number): boolean =>
  Math.hypot(x - cx, y - cy) < radius

/** The first shape that holds the point decides about its color. */
type Shape = { color: Rgba; holds: (x: number, y: number) => boolean }
const paint = (shapes: readonly Shape[], ground: (y: number) => Rgba) => (x: number, y: number) =>
  shapes.find(({ holds }) => holds(x, y))?.color ?? ground(y)

/** Hills below an evening sky. */
export const LANDSCAPE: Picture = {
  width: 320,
  height: 220,
  colorAt: paint(
    [
      { color: solid(0x245c4f), holds: (x, y) => y > 182 + 14 * Math.sin(x / 37) },
      { color: solid(0x3c8168), holds: (x, y) => y > 150 + 26 * Math.sin(x / 61 + 1) },
      { color: solid(0xffe3a0), holds: (x, y) => inside(x, y, 236, 62, 27) },
    ],
    (y) => [255 - Math.round(y * 0.3), 150 + Math.round(y * 0.4), 110 + Math.round(y * 0.75), 255],
  ),
}

/** A smiling face on nothing. */
export const SMILE: Picture = {
  width: 128,
  height: 128,
  colorAt: paint(
    [
      { color: solid(0x4a3200), holds: (x, y) => inside(x, y, 43, 50, 8) },
      { color: solid(0x4a3200), holds: (x, y) => inside(x, y, 85, 50, 8) },
      {
        color: solid(0x4a3200),
        holds: (x, y) => y > 72 && inside(x, y, 64, 66, 34) && !inside(x, y, 64, 60, 34),
      },
      { color: solid(0xffcf3f), holds: (x, y) => inside(x, y, 64, 64, 60) },
    ],
    () => CLEAR,
  ),
}

/** Somebody's profile picture. */
export const portrait = (background: number, clothes: number): Picture => ({
  width: 96,
  height: 96,
  colorAt: paint(
    [
      { color: solid(0xf2c9a5), holds: (x, y) => inside(x, y, 48, 40, 19) },
      { color: solid(clothes), holds: (x, y) => inside(x, y, 48, 100, 38) },
    ],
    () => solid(background),
  ),
})
