/** What the target did beside answering, as a table. */
import { conductReasons, statusInWords, type TargetConduct } from '../../analysis/conduct.ts';
import { closeInWords } from '../../analysis/judgement/cause-sentences.ts';
import { count } from '../../analysis/numbers.ts';
import { type Cell, figure, type Table, words } from '../document.ts';

export function conductTable(conduct: TargetConduct): Table | null {
  if (conductReasons(conduct).length === 0) return null;
  const { closes, refusedConnects, firstFrames, framesUnreadable, framesUnexpected } = conduct;
  const row = (what: string, how: string, n: number): Cell[] => [{ text: what }, { text: how }, { text: count(n) }];
  const frames = framesUnreadable + framesUnexpected;
  return {
    id: 'conduct',
    caption: 'What the target did beside answering',
    columns: [words(''), words('how'), figure('times')],
    rows: [
      ...closes.map((each) => row('closed a connection', closeInWords(each), each.count)),
      ...refusedConnects.map(({ answer, count: n }) => row('did not open a connection', statusInWords(answer), n)),
      ...firstFrames.map(({ text, count: n }) => row('sent a frame that was not expected', text, n)),
    ],
    notes:
      frames === 0
        ? []
        : [
            `${count(frames)} frames were not expected, of which ${count(framesUnreadable)} could not be read. The first different ones are shown, shortened; what may be a secret is hidden.`,
          ],
  };
}
