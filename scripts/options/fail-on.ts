/** `--fail-on` of a comparison: `any`, or groups of measures, each with the change that is let pass. */
import { InvalidArgumentError } from 'commander';
import type { FailOn } from '../../reports/analysis/comparison/comparison.ts';
import { type MeasureGroup, measureGroups } from '../../reports/analysis/comparison/groups.ts';
import { suggestion } from '../../scenarios/yaml/nearest-key.ts';

const any = 'any';

/** `latency=10,cost` → latency from 10% on, and any change of cost. */
export function failOnList(text: string): FailOn[] {
  return text.split(',').map((part) => {
    const [name = '', percent = '0', ...more] = part.trim().split('=');
    const group: MeasureGroup | null | undefined = name === any ? null : measureGroups.find((each) => each === name);
    if (group === undefined)
      throw new InvalidArgumentError(
        `"${name}" is no group of measures. ${suggestion(name, [any, ...measureGroups]) ?? `Give ${any}, or some of ${measureGroups.join(', ')}.`}`,
      );
    const least = Number(percent);
    if (percent.trim() === '' || !(least >= 0 && least <= 1_000) || more.length > 0)
      throw new InvalidArgumentError(`Expected a percentage from 0 to 1000 after ${name}=, got "${part}".`);
    return { group, least: least / 100 };
  });
}
