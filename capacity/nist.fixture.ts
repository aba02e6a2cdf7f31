/** Problems of the NIST Statistical Reference Datasets for nonlinear regression, with their certified values (public domain). */

export interface CertifiedProblem {
  name: string;
  model: (x: number, b: readonly number[]) => number;
  jacobian: (x: number, b: readonly number[]) => number[];
  x: readonly number[];
  y: readonly number[];
  starts: readonly (readonly number[])[];
  certified: readonly number[];
  /** Certified standard deviations; null where they are not at hand. */
  deviations: readonly number[] | null;
  rss: number;
}

const { exp, log } = Math;

const polynomial = (x: number, b: readonly number[]) => b.reduceRight((sum, value) => sum * x + value, 0);

/** (b1 + b2 x + b3 x² + b4 x³) / (1 + b5 x + b6 x² + b7 x³). */
const cubicRatio = {
  model: (x: number, b: readonly number[]) => polynomial(x, b.slice(0, 4)) / polynomial(x, [1, ...b.slice(4)]),
  jacobian: (x: number, b: readonly number[]) => {
    const [above, below] = [polynomial(x, b.slice(0, 4)), polynomial(x, [1, ...b.slice(4)])];
    return [...[0, 1, 2, 3].map((k) => x ** k / below), ...[1, 2, 3].map((k) => (-above * x ** k) / below ** 2)];
  },
};

/** b1 (1 − exp(−b2 x)). */
const saturation = {
  model: (x: number, [b1 = 0, b2 = 0]: readonly number[]) => b1 * (1 - exp(-b2 * x)),
  jacobian: (x: number, [b1 = 0, b2 = 0]: readonly number[]) => [1 - exp(-b2 * x), b1 * x * exp(-b2 * x)],
};

export const certifiedProblems: readonly CertifiedProblem[] = [
  {
    name: 'DanWood',
    model: (x, [b1 = 0, b2 = 0]) => b1 * x ** b2,
    jacobian: (x, [b1 = 0, b2 = 0]) => [x ** b2, b1 * x ** b2 * log(x)],
    x: [1.309, 1.471, 1.49, 1.565, 1.611, 1.68],
    y: [2.138, 3.421, 3.597, 4.34, 4.882, 5.66],
    starts: [
      [1, 5],
      [0.7, 4],
    ],
    certified: [7.6886226176e-1, 3.8604055871],
    deviations: [1.828197386e-2, 5.1726610913e-2],
    rss: 4.3173084083e-3,
  },
  {
    name: 'Misra1a',
    ...saturation,
    x: [77.6, 114.9, 141.1, 190.8, 239.9, 289, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760],
    y: [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.4, 75.47, 81.78],
    starts: [
      [500, 1e-4],
      [250, 5e-4],
    ],
    certified: [2.3894212918e2, 5.5015643181e-4],
    deviations: [2.7070075241, 7.2668688436e-6],
    rss: 1.2455138894e-1,
  },
  {
    name: 'Rat42',
    model: (x, [b1 = 0, b2 = 0, b3 = 0]) => b1 / (1 + exp(b2 - b3 * x)),
    jacobian: (x, [b1 = 0, b2 = 0, b3 = 0]) => {
      const e = exp(b2 - b3 * x);
      return [1 / (1 + e), (-b1 * e) / (1 + e) ** 2, (b1 * x * e) / (1 + e) ** 2];
    },
    x: [9, 14, 21, 28, 42, 57, 63, 70, 79],
    y: [8.93, 10.8, 18.59, 22.33, 39.35, 56.11, 61.73, 64.62, 67.08],
    starts: [
      [100, 1, 0.1],
      [75, 2.5, 0.07],
    ],
    certified: [7.2462237576e1, 2.6180768402, 6.7359200066e-2],
    deviations: [1.7340283401, 8.8295217536e-2, 3.4465663377e-3],
    rss: 8.0565229338,
  },
  {
    name: 'BoxBOD',
    ...saturation,
    x: [1, 2, 3, 5, 7, 10],
    y: [109, 149, 149, 191, 213, 224],
    starts: [
      [1, 1],
      [100, 0.75],
    ],
    certified: [2.1380940889e2, 5.4723748542e-1],
    deviations: [1.2354515176e1, 1.0455993237e-1],
    rss: 1.1680088766e3,
  },
  {
    name: 'MGH09',
    model: (x, [b1 = 0, b2 = 0, b3 = 0, b4 = 0]) => (b1 * (x * x + x * b2)) / (x * x + x * b3 + b4),
    jacobian: (x, [b1 = 0, b2 = 0, b3 = 0, b4 = 0]) => {
      const [above, below] = [x * x + x * b2, x * x + x * b3 + b4];
      return [above / below, (b1 * x) / below, (-b1 * above * x) / below ** 2, (-b1 * above) / below ** 2];
    },
    x: [4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625],
    y: [0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246],
    starts: [
      [25, 39, 41.5, 39],
      [0.25, 0.39, 0.415, 0.39],
    ],
    certified: [1.9280693458e-1, 1.9128232873e-1, 1.2305650693e-1, 1.3606233068e-1],
    deviations: [1.1435312227e-2, 1.9633220911e-1, 8.0842031232e-2, 9.0025542308e-2],
    rss: 3.0750560385e-4,
  },
  {
    name: 'MGH10',
    model: (x, [b1 = 0, b2 = 0, b3 = 0]) => b1 * exp(b2 / (x + b3)),
    jacobian: (x, [b1 = 0, b2 = 0, b3 = 0]) => {
      const e = exp(b2 / (x + b3));
      return [e, (b1 * e) / (x + b3), (-b1 * e * b2) / (x + b3) ** 2];
    },
    x: Array.from({ length: 16 }, (_, i) => 50 + 5 * i),
    y: [34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872],
    starts: [
      [2, 400_000, 25_000],
      [0.02, 4_000, 250],
    ],
    certified: [5.609636471e-3, 6.1813463463e3, 3.4522363462e2],
    deviations: [1.5687892471e-4, 2.3309021107e1, 7.8486103508e-1],
    rss: 8.7945855171e1,
  },
  {
    name: 'Thurber',
    ...cubicRatio,
    x: [
      -3.067, -2.981, -2.921, -2.912, -2.84, -2.797, -2.702, -2.699, -2.633, -2.481, -2.363, -2.322, -1.501, -1.46,
      -1.274, -1.212, -1.1, -1.046, -0.915, -0.714, -0.566, -0.545, -0.4, -0.309, -0.109, -0.103, 0.01, 0.119, 0.377,
      0.79, 0.963, 1.006, 1.115, 1.572, 1.841, 2.047, 2.2,
    ],
    y: [
      80.574, 84.248, 87.264, 87.195, 89.076, 89.608, 89.868, 90.101, 92.405, 95.854, 100.696, 101.06, 401.672, 390.724,
      567.534, 635.316, 733.054, 759.087, 894.206, 990.785, 1090.109, 1080.914, 1122.643, 1178.351, 1260.531, 1273.514,
      1288.339, 1327.543, 1353.863, 1414.509, 1425.208, 1421.384, 1442.962, 1464.35, 1468.705, 1447.894, 1457.628,
    ],
    starts: [
      [1_000, 1_000, 400, 40, 0.7, 0.3, 0.03],
      [1_300, 1_500, 500, 75, 1, 0.4, 0.05],
    ],
    certified: [
      1.28813968e3, 1.4910792535e3, 5.8323836877e2, 7.5416644291e1, 9.6629502864e-1, 3.9797285797e-1, 4.9727297349e-2,
    ],
    deviations: null,
    rss: 5.6427082397e3,
  },
  {
    name: 'Lanczos1',
    model: (x, b) => [0, 2, 4].reduce((sum, k) => sum + (b[k] ?? 0) * exp(-(b[k + 1] ?? 0) * x), 0),
    jacobian: (x, b) =>
      [0, 2, 4].flatMap((k) => {
        const e = exp(-(b[k + 1] ?? 0) * x);
        return [e, -(b[k] ?? 0) * x * e];
      }),
    x: Array.from({ length: 24 }, (_, i) => i / 20),
    // NIST lists the sum of the three exponentials to 14 digits.
    y: Array.from({ length: 24 }, (_, i) => 0.0951 * exp(-i / 20) + 0.8607 * exp((-3 * i) / 20) + 1.5576 * exp(-i / 4)),
    starts: [
      [1.2, 0.3, 5.6, 5.5, 6.5, 7.6],
      [0.5, 0.7, 3.6, 4.2, 4, 6.3],
    ],
    certified: [0.0951, 1, 0.8607, 3, 1.5576, 5],
    deviations: null,
    rss: 0,
  },
];
