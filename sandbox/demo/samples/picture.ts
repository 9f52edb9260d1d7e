/** Red, green, blue and opacity, each 0 to 255. */
export type Rgba = readonly [red: number, green: number, blue: number, alpha: number]

/** A picture that is painted point by point. */
export type Picture = {
  width: number
  height: number
  colorAt(x: number, y: number): Rgba
}

/** Every point, row by row. */
export function* pointsOf({ width, height, colorAt }: Picture): Generator<Rgba> {
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) yield colorAt(x, y)
  }
}
