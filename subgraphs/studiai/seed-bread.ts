import type { DemoCourse } from './seed-courses.ts'

/** A course for everybody: three lessons, one quiz. */
export const bread: DemoCourse = {
  name: 'BREAD',
  teacher: 'carol',
  title: 'Sourdough with three ingredients',
  summary:
    'Flour, water, salt, and time. A starter in a week, a loaf on a Saturday, and what to do when it comes out flat.',
  level: 'BEGINNER',
  tags: ['kitchen', 'bread', 'craft'],
  status: 'PUBLISHED',
  daysAgo: 15,
  lessons: [
    {
      title: 'A starter in seven days',
      minutes: 10,
      content: `# A starter in seven days

Mix 50 g of wholemeal flour with 50 g of lukewarm water in a jar. Cover it, and leave it at room temperature.

1. **Days 2 to 4.** Once a day throw away half, and stir in 50 g of flour and 50 g of water. It may smell odd: that passes.
2. **Days 5 to 7.** It rises and falls between feedings. When it doubles within six hours, it is ready.

What lives in there are yeasts and lactic acid bacteria that were on the grain. You only feed them.`,
    },
    {
      title: 'The loaf',
      minutes: 15,
      content: `# The loaf

500 g flour, 350 g water, 100 g ripe starter, 10 g salt. The water is **70 %** of the flour: bakers count everything as a share of
the flour.

- Mix flour and water, wait half an hour, add starter and salt.
- Fold the dough four times within two hours, then let it rise until it is half as large again.
- Shape it, put it into a floured basket, and into the fridge overnight.
- Bake it in a closed pot at 250 °C for 25 minutes, then 20 minutes open at 220 °C.

Let it cool. Really.`,
      quiz: [
        {
          text: 'A dough has 800 g of flour and 600 g of water. How many percent is the water?',
          options: ['60 %', '75 %', '133 %'],
          correctOptions: [2],
          explanation: '600 / 800 = 75 %. Bakers count from the flour, not from the whole.',
        },
        {
          text: 'How does a starter tell you that it is ready?',
          options: ['It doubles within six hours', 'It is seven days old', 'It smells of nothing'],
          correctOptions: [1],
          explanation: 'Age promises nothing; strength does.',
        },
      ],
    },
    {
      title: 'When it comes out flat',
      minutes: 6,
      content: `# When it comes out flat

- **Dense, with a few large holes:** it rose too short. Give it more time, or more warmth.
- **Flat and wide:** it rose too long, or was shaped too loosely.
- **Pale:** the pot was not hot enough.

Change one thing at a time, and write it down. The bread is edible meanwhile.`,
    },
  ],
}
