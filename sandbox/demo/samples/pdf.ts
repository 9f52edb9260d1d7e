const HEADER = '%PDF-1.4\n'

/** A PDF of one page with a few lines in large letters. */
export function encodePdf(lines: readonly string[]): Buffer {
  const text = lines.map((line) => `(${line.replace(/[\\()]/g, '\\$&')}) Tj T*`).join(' ')
  const page = `BT /F1 26 Tf 34 TL 60 740 Td ${text} ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${page.length} >>\nstream\n${page}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ].map((object, index) => `${index + 1} 0 obj\n${object}\nendobj\n`)
  return Buffer.from(`${HEADER}${objects.join('')}${trailerFor(objects)}`, 'latin1')
}

/** Says where in the file each object begins. */
function trailerFor(objects: readonly string[]): string {
  const starts: number[] = []
  let end = HEADER.length
  for (const object of objects) {
    starts.push(end)
    end += object.length
  }
  const rows = starts.map((start) => `${String(start).padStart(10, '0')} 00000 n \n`)
  const size = objects.length + 1
  return `xref\n0 ${size}\n0000000000 65535 f \n${rows.join('')}trailer << /Size ${size} /Root 1 0 R >>\nstartxref\n${end}\n%%EOF\n`
}
