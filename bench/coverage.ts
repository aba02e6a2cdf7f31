/**
 * How often the 95% intervals of exhaustion dates hold, for residuals of several kinds: `npm run bench:coverage -- 2000`, histories a row.
 * Simulated, so the same on every machine. `reached`: the day on which users reach what the quota carries; `trend`: that of the trend alone.
 */
import { type Coverage, coverageOf, type Residuals, residuals } from '../capacity/projection/coverage.fixture.ts';

const [histories = 2_000] = process.argv.slice(2).map(Number);
const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
const kinds = Object.keys(residuals) as Residuals[];
const settings = [6, 12, 24].flatMap((months) => [3, 12].map((ahead) => ({ months, ahead })));

const row = ({ reached, early, late, trend, width }: Coverage) => ({
  reached: percent(reached),
  early: percent(early),
  late: percent(late),
  trend: percent(trend),
  'width in months': Number(width.toFixed(1)),
});

console.log(`Growth of 5% a month, scatter of 2%, ${histories} histories a row.`);
console.table(
  Object.fromEntries(
    kinds.flatMap((kind) =>
      settings.map(({ months, ahead }) => [
        `${kind}, ${months} months, limit ${ahead} ahead`,
        row(
          coverageOf(
            { residuals: kind, months, ahead, growthPerMonth: 0.05, scatter: 0.02, seed: 20_261_126 },
            histories,
          ),
        ),
      ]),
    ),
  ),
);
