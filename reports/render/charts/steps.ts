/** Paths of a drawing, written by the steps from point to point: two thirds of what the points themselves take. Pure. */

/** Of paths of straight lines between absolute points. Others stay as they are. */
export const bySteps = (svg: string): string =>
  svg.replaceAll(/ d="((?:[ML]-?[\d.]+,-?[\d.]+|Z)+)"/g, (_, path: string) => ` d="${stepsOf(path)}"`);

/** In tenths: sums of these have no error that grows. */
const tenths = (text: string): number => Math.round(Number(text) * 10);

function stepsOf(path: string): string {
  let [x, y] = [0, 0];
  let isLine = false;
  let written = '';
  const write = (value: number) => {
    const text = String(value / 10).replace(/^(-?)0\./, '$1.');
    written += /\d$/.test(written) && !text.startsWith('-') ? ` ${text}` : text;
  };
  for (const [, command = '', atX = '', atY = ''] of path.matchAll(/([ML])(-?[\d.]+),(-?[\d.]+)|Z/g)) {
    if (command === 'L' && !isLine) written += 'l';
    else if (command !== 'L') written += command === 'M' ? 'M' : 'Z';
    isLine = command === 'L';
    if (command === '') continue;
    const [toX, toY] = [tenths(atX), tenths(atY)];
    write(isLine ? toX - x : toX);
    write(isLine ? toY - y : toY);
    [x, y] = [toX, toY];
  }
  return written;
}
