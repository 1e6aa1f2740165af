// The gallery's own stories: what designers look at is what is tested.
export { HOUR } from '../../src/complaint/time.ts'
export { demo, smsList } from '../../src/demo/gallery/front.ts'
export { stories } from '../../src/demo/gallery/stories.ts'
export { by, photo, START, Story } from '../../src/demo/gallery/story.ts'
