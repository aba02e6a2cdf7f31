/** What the page answers to the inputs of a comparison, beside what the report answered. */
import type { ChooseAnswer } from '../../choose/choose-report.ts';
import { crossoverLines, tilesOf } from '../../choose/choose-tiles.ts';
import { choiceTable } from '../choose/choice-words.ts';
import { element, setText } from './dom.ts';
import type { LivePage } from './live.ts';
import { tableElement } from './table.ts';

const linesOf = (answer: ChooseAnswer): [name: string, text: string][] =>
  tilesOf(answer).map(({ name, value, detail }) => [name, `${value}: ${detail}`]);

/** `before`: the report's own answer. */
export function choicePanel(before: ChooseAnswer): LivePage<ChooseAnswer>['panel'] {
  const sentence = element('p', { class: 'what-if-sentence', role: 'status' });
  const problems = element('div', { class: 'what-if-problems', role: 'alert' });
  const summary = element('dl', { class: 'what-if-summary' });
  const crossover = element('ul', { id: 'what-if-crossover' });
  const variants = element('div');
  const panel = element('div', { class: 'what-if-answer' }, sentence, problems, summary, variants, crossover);
  const linesBefore = new Map(linesOf(before));
  const tableBefore = choiceTable(before);
  return {
    element: panel,
    show(answer) {
      setText(sentence, answer.sentence);
      summary.replaceChildren(
        ...linesOf(answer).flatMap(([name, text]) => {
          const was = linesBefore.get(name);
          const value = element('dd', {}, text);
          if (was !== undefined && was !== text) value.append(element('small', {}, `In the report: ${was}`));
          return [element('dt', {}, name), value];
        }),
      );
      const table = choiceTable(answer);
      // Of somebody's own stack there are no variants.
      variants.replaceChildren(...(table.rows.length === 0 ? [] : [tableElement(table, tableBefore)]));
      crossover.replaceChildren(...crossoverLines(answer).map((line) => element('li', {}, line)));
    },
    problems(sentences) {
      panel.classList.toggle('what-if-stale', sentences.length > 0);
      problems.replaceChildren(...sentences.map((each) => element('p', {}, each)));
    },
  };
}
