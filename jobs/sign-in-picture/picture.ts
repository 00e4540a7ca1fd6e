import type { Say } from '../../src/texts/say.js';
import { renderPng } from './render.js';
import type { SignInStory } from './sign-in.js';
import { drawSignIns } from './svg.js';

export interface SignInPicture {
  /** 1200 pixels wide, 450 to 1100 high. */
  readonly png: Uint8Array;
  /** One or two sentences for those who do not see it. */
  readonly alt: string;
}

/**
 * A picture of sign-ins over time, made in this process.
 * @param say plain text of the catalogue (`sayPlain`): escaping for SVG happens here
 * @returns `null` when there is no sign-in to draw
 */
export async function signInPicture(story: SignInStory, say: Say): Promise<SignInPicture | null> {
  const drawing = drawSignIns(story, say);
  return drawing && { png: await renderPng(drawing.svg), alt: drawing.alt };
}
