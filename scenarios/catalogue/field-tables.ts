/** Tables of the documentation, generated from the engine's own fields. Pure. */
import { fleetFields, textFields } from '../../engine/src/step/fleet-fields.ts';
import { keysOf } from '../../engine/src/step/keyed.ts';
import { describeField, type NumberField, numberFieldNames, numberFields } from '../../engine/src/step/load-fields.ts';
import { describeRule } from '../../engine/src/step/number-rule.ts';

const madeBy = 'node scenarios/catalogue/write-generated.main.ts';

/** docs/reference/load-fields.md: every number of a load. */
export function loadFieldsPage(): string {
  const rows = numberFieldNames.map((name) => {
    const field: NumberField = numberFields[name];
    const option = field.flag === undefined ? `\`--variable ${name}=…\`` : `\`--${field.flag}\``;
    return [
      `\`${name}\``,
      option,
      describeRule(field).replace(/^a /, ''),
      defaultOf(field.default),
      describeField(field),
    ];
  });
  return `<!-- Generated from engine/src/step/load-fields.ts by \`${madeBy}\`: do not edit. -->

# Load fields

The numbers of a load. A name is the same everywhere: the key of a \`fleet\` step, the variable of a scenario, the field of \`workload\` in run.json.

\`loadline run\` and \`loadline search\` take a number from its option, otherwise from the [usage plan](../../scenarios/plan.yml), whose section \`benchmark\` has those that do not
follow from usage. The default below applies where a scenario does not set the key. \`--variable\` sets a variable that the scenario declares under that name.
Keys of a step that are not numbers are in the [engine's README](../../engine/README.md).

${table(['Field', 'Option', 'Value', 'Default', 'Meaning'], rows)}
`;
}

/** Every key of a `fleet` step, for the engine's README. */
export function stepKeysTable(): string {
  const numbers = numberFieldNames.map((name) => {
    const field: NumberField = numberFields[name];
    return [name, defaultOf(field.default), describeField(field)];
  });
  const texts = keysOf(textFields).map((name) => [name, '-', textFields[name]]);
  const defaults = fleetFields.parse({});
  const others = keysOf(fleetFields.shape).map((name) => [
    name,
    name === 'answer' ? '`next`' : defaultOf(defaults[name]),
    fleetFields.shape[name].description ?? '',
  ]);
  const rows = [...numbers, ...texts, ...others].map(([name, ...rest]) => [`\`${name}\``, ...rest]);
  return table(['Key of `fleet`', 'Default', 'Meaning'], rows);
}

const marks = [`<!-- Keys: made by \`${madeBy}\`, do not edit. -->`, '<!-- End of keys. -->'] as const;

/** The engine's README with its table of keys as it is now. Throws an error when it has no place for one. */
export function withStepKeys(readme: string): string {
  const [before, rest] = readme.split(marks[0]);
  const after = rest?.split(marks[1])[1];
  if (before === undefined || after === undefined) throw new Error(`engine/README.md: expected ${marks.join(' … ')}.`);
  return `${before}${marks[0]}\n\n${stepKeysTable()}\n\n${marks[1]}${after}`;
}

function defaultOf(value: unknown): string {
  if (value === undefined) return 'required';
  if (typeof value === 'object') return '-';
  return `\`${String(value)}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll(/[|<]/g, '\\$&')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
