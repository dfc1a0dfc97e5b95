import { bruteForceStories } from './brute-force.ts';
import { fabricStory } from './fabric.ts';
import { hybridStory } from './hybrid.ts';
import type { Story } from './story.ts';

/** Every story that `counterpoint demo` can play. */
export const stories: readonly Story[] = [...bruteForceStories, fabricStory, hybridStory];
