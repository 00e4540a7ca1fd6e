import { z } from 'zod';

const tone = z.enum(['good', 'bad', 'neutral']);
const text = z.string();
const Field = z.object({
  name: text,
  label: text,
  type: z.enum(['select', 'text']),
  options: z.array(z.object({ label: text, value: text })).optional(),
  initial: text.optional(),
});
/** Shut at first; whoever looks may open it. */
const folded = z.boolean().optional();
const Section = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('facts'),
    title: text,
    folded,
    items: z.array(z.object({ label: text, value: text, tone })),
  }),
  z.object({
    kind: z.literal('mail'),
    title: text,
    messages: z.array(
      z.object({
        id: text,
        from: text,
        to: text,
        subject: text,
        date: text,
        text,
        links: z.array(z.object({ label: text, url: text })),
      }),
    ),
  }),
  z.object({
    kind: z.literal('actions'),
    title: text,
    folded,
    actions: z.array(
      z.object({
        id: text,
        label: text,
        description: text,
        style: z.enum(['primary', 'danger']).optional(),
        fields: z.array(Field),
      }),
    ),
  }),
  z.object({ kind: z.literal('table'), title: text, columns: z.array(text), rows: z.array(z.array(text)) }),
  z.object({ kind: z.literal('text'), title: text, text }),
]);
const Go = z.object({ as: text.optional(), channel: text.optional(), panel: text.optional(), label: text });

/** What a host shows beside the conversations: state of other systems, a mailbox, buttons, a short tour. */
export const PanelsDocument = z.object({
  panels: z.array(
    z.object({
      id: text,
      title: text,
      /** Panels of one group share a tab: one line each, of which one at a time is open. */
      group: text.optional(),
      /** What the line says beside the title. */
      status: z.object({ value: text, tone }).optional(),
      sections: z.array(Section),
    }),
  ),
  tour: z
    .object({
      steps: z.array(z.object({ id: text, text, done: z.boolean(), go: Go.optional() })),
      finished_text: text,
    })
    .nullable(),
  note: text,
});
export type PanelsView = z.infer<typeof PanelsDocument>;

/** Supplied by whoever hosts the simulator, which knows nothing of the panels' meaning. */
export interface PanelHost {
  read(): Promise<PanelsView>;
  act(
    panelId: string,
    actionId: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<{ ok: boolean; message: string }>;
}

export const NO_PANELS: PanelsView = { panels: [], tour: null, note: '' };
export const PanelAct = z.object({ fields: z.record(z.string(), z.string()).default({}) });
