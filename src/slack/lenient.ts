import * as z from 'zod';

/**
 * What Slack may leave out. It does so in more than one way: no key, `null`, now and then something else; each is read
 * as absent, so that one odd detail does not hide the person, the message or the list that contains it.
 */
export const maybe = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

/** The readable items of a list: one from another app, or one that Slack has changed, hides no other. */
export const readable = <T extends z.ZodType>(item: T) =>
  z.array(z.unknown()).transform((items) =>
    items.flatMap((one) => {
      const parsed = item.safeParse(one);
      return parsed.success ? [parsed.data] : [];
    }),
  );

/** The end of each page of a list. Source: docs.slack.dev, pagination. */
export const pageEnd = maybe(z.object({ next_cursor: maybe(z.string()) }));
