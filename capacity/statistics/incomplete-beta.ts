/** The regularised incomplete beta function and functions based on it. Exact to about 13 digits. */

/** Terms of the continued fraction: it needs about √max(a, b) of them, so this suffices for a hundred million trials. */
const maxTerms = 100_000;
const tiny = 1e-300;

/**
 * I_x(a, b) for a, b > 0 and 0 ≤ x ≤ 1: the distribution function of a beta variable; also the chance of at least a successes in a + b − 1
 * trials of chance x. Continued fraction by Lentz's method (Press et al., Numerical Recipes, 3rd ed., 6.4), on the side where it converges
 * fast; the factor in front after C. Loader (2000), which does not lose digits when a and b are large. NaN outside the domain.
 */
export function regularisedBeta(x: number, a: number, b: number): number {
  return betaDistribution(a, b)(x);
}

/** x with I_x(a, b) = p, by bisection down to the last bit. */
export function inverseBeta(p: number, a: number, b: number): number {
  const distribution = betaDistribution(a, b);
  return bisect((x) => distribution(x) - p, 0, 1);
}

function betaDistribution(a: number, b: number): (x: number) => number {
  if (!(a > 0 && b > 0)) return () => Number.NaN;
  const n = a + b;
  const stirling = stirlingError(n) - stirlingError(a) - stirlingError(b);
  const factor = Math.sqrt((a * b) / (2 * Math.PI * n));
  return (x) => {
    if (!(x >= 0 && x <= 1)) return Number.NaN;
    if (x === 0 || x === 1) return x;
    // x^a (1−x)^b Γ(a+b) / (Γ(a) Γ(b))
    const deviance = deviancePart(a, n * x) + deviancePart(b, n * (1 - x));
    const front = factor * Math.exp(stirling - deviance);
    return x < (a + 1) / (n + 2)
      ? (front * continuedFraction(x, a, b)) / a
      : 1 - (front * continuedFraction(1 - x, b, a)) / b;
  };
}

/** Where an increasing function crosses zero between two points, to the resolution of a double. */
export function bisect(increasing: (x: number) => number, low: number, high: number): number {
  let [from, to] = [low, high];
  for (;;) {
    const middle = from + (to - from) / 2;
    if (middle <= from || middle >= to || to - from < tiny) return middle;
    if (increasing(middle) < 0) from = middle;
    else to = middle;
  }
}

function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= maxTerms; m += 1) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / awayFromZero(1 + term * d);
      c = awayFromZero(1 + term / c);
      value *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return value;
}

const awayFromZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value);

/** k ln(k/m) + m − k without cancellation for k near m. */
function deviancePart(k: number, m: number): number {
  if (Math.abs(k - m) >= 0.1 * (k + m)) return k * Math.log(k / m) + m - k;
  const v = (k - m) / (k + m);
  let sum = (k - m) * v;
  let power = 2 * k * v;
  for (let j = 1; j < 1_000; j += 1) {
    power *= v * v;
    const next = sum + power / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** ln Γ(a) − [(a − ½) ln a − a + ½ ln 2π]: Stirling's series from 16 up, the recurrence below. */
function stirlingError(a: number): number {
  if (a >= 16) return stirlingSeries(a);
  // Degrees of freedom are whole, so that almost all that is asked for are halves and wholes.
  return Number.isInteger(2 * a) ? (stirlingErrorOfHalves[2 * a] ?? Number.NaN) : stirlingRecurrence(a);
}

const stirlingSeries = (a: number): number => {
  const q = a * a;
  return (1 / 12 - (1 / 360 - (1 / 1_260 - (1 / 1_680 - 1 / 1_188 / q) / q) / q) / q) / a;
};

const stirlingRecurrence = (a: number): number =>
  a < 16 ? stirlingRecurrence(a + 1) + (a + 0.5) * Math.log1p(1 / a) - 1 : stirlingSeries(a);

/** Of 0, ½, 1 … 15½; a beta function has none of 0. */
const stirlingErrorOfHalves = Array.from({ length: 32 }, (_, halves) => stirlingRecurrence(halves / 2));
