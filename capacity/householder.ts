/** Least squares of a small dense system by Householder reflections: no normal equations, so no squared condition number. */

/** R of A = QR with its columns' order, and the first n entries of Qᵀb. */
interface Triangle {
  r: number[][];
  qtb: number[];
  /** Column j of R is column order[j] of A. */
  order: number[];
}

/** Factorises with column pivoting, rows being given (m ≥ n). Golub, Van Loan, Matrix Computations, 4th ed., 5.4.2. */
export function triangularise(rows: readonly (readonly number[])[], b: readonly number[]): Triangle {
  const n = rows[0]?.length ?? 0;
  const a = rows.map((row) => [...row]);
  const y = [...b];
  const order = Array.from({ length: n }, (_, j) => j);
  for (let k = 0; k < n; k += 1) {
    pivot(a, order, k);
    const norm = Math.hypot(...a.slice(k).map((row) => row[k] ?? 0));
    const head = a[k]?.[k] ?? 0;
    if (norm === 0) continue;
    const alpha = head > 0 ? -norm : norm;
    // v = x − α e₁, scaled so that H = I − v vᵀ / (vᵀv / 2)
    const v = a.slice(k).map((row, i) => (row[k] ?? 0) - (i === 0 ? alpha : 0));
    const half = v.reduce((sum, value) => sum + value * value, 0) / 2;
    for (let j = k; j < n; j += 1) {
      let dot = 0;
      for (let i = 0; i < v.length; i += 1) dot += (v[i] ?? 0) * (a[k + i]?.[j] ?? 0);
      for (let i = 0; i < v.length; i += 1) {
        const row = a[k + i];
        if (row) row[j] = (row[j] ?? 0) - ((v[i] ?? 0) * dot) / half;
      }
    }
    let dot = 0;
    for (let i = 0; i < v.length; i += 1) dot += (v[i] ?? 0) * (y[k + i] ?? 0);
    for (let i = 0; i < v.length; i += 1) y[k + i] = (y[k + i] ?? 0) - ((v[i] ?? 0) * dot) / half;
  }
  return { r: a.slice(0, n), qtb: y.slice(0, n), order };
}

/** Brings the longest remaining column to place k. */
function pivot(a: number[][], order: number[], k: number): void {
  let longest = k;
  let length = -1;
  for (let j = k; j < order.length; j += 1) {
    let sum = 0;
    for (let i = k; i < a.length; i += 1) sum += (a[i]?.[j] ?? 0) ** 2;
    if (sum > length) [longest, length] = [j, sum];
  }
  if (longest === k) return;
  for (const row of a) [row[k], row[longest]] = [row[longest] ?? 0, row[k] ?? 0];
  [order[k], order[longest]] = [order[longest] ?? 0, order[k] ?? 0];
}

/** The x that minimises |Ax − b|. Null when the columns are dependent. */
export function leastSquares(rows: readonly (readonly number[])[], b: readonly number[]): number[] | null {
  const { r, qtb, order } = triangularise(rows, b);
  const z = backSubstitute(r, qtb);
  if (!z) return null;
  const x = new Array<number>(order.length).fill(0);
  for (const [j, column] of order.entries()) x[column] = z[j] ?? 0;
  return x;
}

/** (AᵀA)⁻¹ = R⁻¹ R⁻ᵀ, in the order of A's columns. Null when the columns are dependent. */
export function inverseGram(rows: readonly (readonly number[])[]): number[][] | null {
  const { r, order } = triangularise(
    rows,
    rows.map(() => 0),
  );
  const n = order.length;
  const columns = order.map((_, j) =>
    backSubstitute(
      r,
      order.map((_, i) => (i === j ? 1 : 0)),
    ),
  );
  if (columns.some((column) => column === null)) return null;
  const gram = order.map(() => new Array<number>(n).fill(0));
  for (let i = 0; i < n; i += 1)
    for (let j = 0; j < n; j += 1) {
      const row = gram[order[i] ?? 0];
      // R⁻¹ has its column k in columns[k]
      if (row) row[order[j] ?? 0] = columns.reduce((sum, column) => sum + (column?.[i] ?? 0) * (column?.[j] ?? 0), 0);
    }
  return gram;
}

function backSubstitute(r: readonly (readonly number[])[], b: readonly number[]): number[] | null {
  const n = b.length;
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i -= 1) {
    const diagonal = r[i]?.[i] ?? 0;
    if (diagonal === 0 || !Number.isFinite(diagonal)) return null;
    let sum = b[i] ?? 0;
    for (let j = i + 1; j < n; j += 1) sum -= (r[i]?.[j] ?? 0) * (x[j] ?? 0);
    x[i] = sum / diagonal;
  }
  return x;
}
