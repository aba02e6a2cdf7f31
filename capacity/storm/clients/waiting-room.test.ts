import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../aws/random.ts';
import { shortestWaitMs, WaitingRoom } from './waiting-room.ts';

/** What is taken in each millisecond: `lost/attempt/size`. */
function taken(room: WaitingRoom, untilMs: number, onVisit?: (nowMs: number) => void): Map<number, string[]> {
  const by = new Map<number, string[]>();
  for (let nowMs = 0; nowMs <= untilMs; nowMs += 1) {
    room.begin(nowMs);
    while (room.next()) {
      by.set(nowMs, [...(by.get(nowMs) ?? []), `${room.lostAtMs}/${room.attempt}/${room.size}`]);
      onVisit?.(nowMs);
    }
  }
  return by;
}

describe('the waiting room', () => {
  test('gives each cohort in its millisecond, in the order in which it was added', () => {
    const room = new WaitingRoom();
    room.add(700, 0, 3, 1);
    room.add(300, 7, 1, 40);
    room.add(700, 5, 4, 2);
    room.add(256, 0, 1, 1);
    expect([...taken(room, 1_000)]).toEqual([
      [256, ['0/1/1']],
      [300, ['7/1/40']],
      [700, ['0/3/1', '5/4/2']],
    ]);
  });

  test('loses and moves nobody, however far ahead: against a naive list', () => {
    const random = seededRandom(3);
    const room = new WaitingRoom();
    const expected = new Map<number, string[]>();
    let added = 0;
    const add = (nowMs: number) => {
      const dueMs = nowMs + shortestWaitMs + Math.floor(random() ** 4 * 100_000);
      const size = random() < 0.5 ? 1 : 1 + Math.floor(random() * 1e6);
      added += 1;
      room.add(dueMs, nowMs, added, size);
      expected.set(dueMs, [...(expected.get(dueMs) ?? []), `${nowMs}/${added}/${size}`]);
    };
    for (let i = 0; i < 500; i += 1) add(0);
    const by = taken(room, 400_000, (nowMs) => {
      if (nowMs < 250_000) add(nowMs);
    });
    expect(added).toBeGreaterThan(1_000);
    const sorted = (of: Map<number, string[]>) =>
      [...of].toSorted(([a], [b]) => a - b).map(([at, all]) => [at, all.toSorted()]);
    expect(sorted(by)).toEqual(sorted(expected));
  });
});
