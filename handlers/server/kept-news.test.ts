import { expect, test } from 'vitest';
import { MemoryBus } from '../testing/memory-bus.ts';
import { KeptNews } from './kept-news.ts';

async function tasks() {
  const bus = new MemoryBus();
  const errors: unknown[] = [];
  const all = ['a', 'b'].map((taskId) => new KeptNews({ taskId, bus, onError: (error) => errors.push(error) }));
  await Promise.all(all.map((news) => news.start()));
  const [here, there] = all as [KeptNews, KeptNews];
  return { bus, errors, here, there };
}
const longMs = 60_000;

test('who waits for an owner is told of what is kept in its own task and in another, and nobody else is', async () => {
  const { here, there } = await tasks();
  const told: string[] = [];
  const wait = (name: string, news: KeptNews, owner: string) => {
    const watch = news.watch(owner);
    return watch.within(longMs).then(() => {
      told.push(name);
      watch.end();
    });
  };
  const ada = [wait('here', here, 'ada b'), wait('there', there, 'ada b')];
  const grace = wait('grace', here, 'grace');
  here.tell('ada b');
  await Promise.all(ada);
  expect([told.toSorted(), here.size, there.size]).toEqual([['here', 'there'], 1, 0]);
  there.releaseAll();
  here.releaseAll();
  await grace;
  expect(here.size).toBe(0);
});

test('what is kept between two looks is not overlooked', async () => {
  const { here } = await tasks();
  const watch = here.watch('ada');
  here.tell('ada');
  await watch.within(longMs);
  // Once: then there is nothing new.
  await watch.within(1);
  watch.end();
});

test('a bus that is gone ends nothing: the own task is told, and the error is said', async () => {
  const { bus, errors, here } = await tasks();
  bus.isDown = true;
  const watch = here.watch('ada');
  here.tell('ada');
  await watch.within(longMs);
  expect(errors).toEqual([new Error('Connection is closed.')]);
});
