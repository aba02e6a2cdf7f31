/** The live what-if of a plan: what `loadline plan` would say. */
import { answerTo, inputsOf, seekAlong, stackOf } from '../answer.ts';
import { controlsOf } from '../controls.ts';
import { readData } from '../page-data.ts';
import { planYaml, settingsYaml } from '../plan-yaml.ts';
import { problemsOf } from '../problems.ts';
import { alongWords, bindsNow } from '../words.ts';
import { actions } from './actions.ts';
import { answerPanel } from './answer-panel.ts';
import { livePlace, startLive } from './live.ts';
import { stageButtons } from './stages.ts';

const found = livePlace();
if (found) {
  const { base, rules, settings, ...command } = readData(found.json);
  const own = inputsOf(base);
  startLive(found.place, {
    own,
    controls: (inputs) => controlsOf(inputs, base, rules),
    answerTo: (inputs) => answerTo(base, inputs),
    problems: problemsOf,
    panel: answerPanel(answerTo(base, own)),
    now: (answer, control) => bindsNow(answer, control.later === true),
    *along(inputs, control) {
      return alongWords(yield* seekAlong(base, inputs, control), control);
    },
    bar: (page) =>
      actions({
        ...page,
        command: { name: 'plan', ...command },
        planText: () => planYaml(page.inputs().plan),
        settingsText: settings && (() => settingsYaml(stackOf(page.inputs()), settings)),
      }),
    more: (group, { inputs, become }) => (group === 'growth' ? stageButtons(inputs, become) : null),
  });
}
