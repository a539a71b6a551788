export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
}

const WIDTH = 760;
const HEIGHT = 420;
const MARGIN = { left: 76, right: 190, top: 44, bottom: 56 };
const TICKS = 5;
/** distinguishable in both colour and order */
const COLOURS = ['#0b6e99', '#d9480f', '#2b8a3e', '#862e9c', '#495057', '#e67700'];

/** Lines over a grid, axes from zero, as an SVG document. Series without points are left out. */
export function svgPlot({ title, xLabel, yLabel, series }: Plot): string {
  const drawn = series.filter(({ points }) => points.length > 0);
  const all = drawn.flatMap(({ points }) => points);
  const xs = axis(Math.max(0, ...all.map(([x]) => x)));
  const ys = axis(Math.max(0, ...all.map(([, y]) => y)));
  const x = (value: number): number => MARGIN.left + (value / xs.end) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (value: number): number =>
    HEIGHT - MARGIN.bottom - (value / ys.end) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const right = WIDTH - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(MARGIN.left, 24, title, 'font-size="15" font-weight="bold"'),
    ...ys.ticks.map(
      (tick) =>
        `<line x1="${MARGIN.left}" x2="${right}" y1="${round(y(tick))}" y2="${round(y(tick))}" stroke="#ddd"/>` +
        text(MARGIN.left - 8, y(tick) + 4, label(tick), 'text-anchor="end"'),
    ),
    ...xs.ticks.map(
      (tick) =>
        `<line x1="${round(x(tick))}" x2="${round(x(tick))}" y1="${bottom}" y2="${bottom + 5}" stroke="#333"/>` +
        text(x(tick), bottom + 20, label(tick), 'text-anchor="middle"'),
    ),
    `<path d="M${MARGIN.left} ${MARGIN.top}V${bottom}H${right}" fill="none" stroke="#333"/>`,
    text((MARGIN.left + right) / 2, HEIGHT - 14, xLabel, 'text-anchor="middle"'),
    `<g transform="translate(18 ${(MARGIN.top + bottom) / 2}) rotate(-90)">${text(0, 0, yLabel, 'text-anchor="middle"')}</g>`,
    ...drawn.flatMap((one, index) => lineOf(one, index, x, y)),
    '</svg>',
    '',
  ].join('\n');
}

function lineOf(
  { name, points }: Series,
  index: number,
  x: (value: number) => number,
  y: (value: number) => number,
): string[] {
  const colour = COLOURS[index % COLOURS.length] ?? '#000';
  const placed = points.map(([px, py]) => [round(x(px)), round(y(py))] as const);
  const legend = MARGIN.top + 8 + index * 20;
  const left = WIDTH - MARGIN.right + 16;
  return [
    `<polyline points="${placed.map((point) => point.join(',')).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    // dots would hide a curve of many points
    ...(placed.length > 40
      ? []
      : placed.map(([px, py]) => `<circle cx="${px}" cy="${py}" r="3" fill="${colour}"/>`)),
    `<line x1="${left}" x2="${left + 22}" y1="${legend}" y2="${legend}" stroke="${colour}" stroke-width="2"/>`,
    text(left + 28, legend + 4, name, ''),
  ];
}

/** Ticks at round numbers from zero to the first one that is not below `highest`. */
export function axis(highest: number): { readonly end: number; readonly ticks: readonly number[] } {
  if (highest <= 0) return { end: 1, ticks: [0, 1] };
  const raw = highest / TICKS;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= raw * 0.999) ?? raw;
  const count = Math.ceil(highest / step - 1e-9);
  return {
    end: count * step,
    ticks: Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12))),
  };
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped(content)}</text>`;
}

function label(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
