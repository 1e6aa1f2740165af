// The gallery's own stories: what designers look at is what is tested.
export { demo, messages } from '../../src/gallery/front.ts'
export { stories } from '../../src/gallery/stories.ts'
export { by, HOUR, photo, START, Story } from '../../src/gallery/story.ts'
