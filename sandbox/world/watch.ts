import { untilNextCode } from './phones.js';
import { tourOf } from './tour.js';
import type { World } from './world.js';

const SAVE_AFTER_MS = 500;

/**
 * Saves a while after each change, and tells open pages when a system, a phone's code or the tour has changed.
 * @returns what ends it
 */
export function watch(world: World, { page }: { readonly page: boolean }): () => void {
  const timers = new Map<'save' | 'code', NodeJS.Timeout>();
  const later = (): void => {
    if (timers.has('save')) return;
    timers.set(
      'save',
      setTimeout(() => {
        timers.delete('save');
        world.save();
      }, SAVE_AFTER_MS),
    );
  };
  const changed = (): void => {
    world.slack.announcePanels();
    later();
  };
  const nextCode = (): void => {
    timers.set(
      'code',
      setTimeout(
        () => {
          world.slack.announcePanels();
          nextCode();
        },
        untilNextCode(world.now()) + 50,
      ),
    );
  };
  // The tour is read from the conversations: a message may end one of its steps.
  const progress = (): string =>
    tourOf(world)
      .steps.map(({ done }) => done)
      .join();
  let reached = page ? progress() : '';
  const ends = [
    ...[world.mimecast, ...world.systems, world.mail].map((system) => system.onChange(changed)),
    world.slack.onChange(({ kind }) => {
      later();
      if (!page || kind !== 'message') return;
      const now = progress();
      if (now !== reached) world.slack.announcePanels();
      reached = now;
    }),
  ];
  if (page) nextCode();
  return () => {
    for (const end of ends) end();
    for (const timer of timers.values()) clearTimeout(timer);
  };
}
