/** What a person might remember, each with questions in other words that it should answer. */
export const labelled: readonly { content: string; asked: readonly string[] }[] = [
  {
    content: 'Bob must not eat peanuts because he is allergic.',
    asked: ['Which food makes Bob sick?', 'Does Bob have an allergy?'],
  },
  {
    content: 'My passport expires in April next year.',
    asked: ['When do I have to renew my travel document?', 'How long is my passport valid?'],
  },
  {
    content: 'I like my coffee black, without sugar.',
    asked: ['How do I take my coffee?', 'What do I drink in the morning?'],
  },
  {
    content: 'The spare key is with the neighbours upstairs.',
    asked: ['Where is the extra key to the flat?', 'Who can let me in when I am locked out?'],
  },
  {
    content: 'The dentist appointment is on Tuesday at nine.',
    asked: ['When do I get my teeth checked?', 'What is on Tuesday morning?'],
  },
  {
    content: 'Carol took the photographs for the catalogue.',
    asked: ['Who was the photographer?', 'Who made the pictures of the catalogue?'],
  },
  {
    content: 'The rent is paid on the first of each month.',
    asked: ['When do I have to pay for the apartment?', 'What day is the rent due?'],
  },
  {
    content: 'I am afraid of flying and prefer to take the train.',
    asked: ['How do I like to travel?', 'Do I enjoy airplanes?'],
  },
  {
    content: 'My sister Elena lives in Madrid with her two children.',
    asked: ['Where does my sister live?', 'Does Elena have kids?'],
  },
  {
    content: 'The server is backed up every night at three.',
    asked: ['When does the backup run?', 'How often is the server data saved?'],
  },
  {
    content: 'I ran the marathon in Berlin in under four hours.',
    asked: ['How fast was I in the long race?', 'Have I ever run a marathon?'],
  },
  {
    content: 'The cat has to take its medicine twice a day.',
    asked: ['How often does the pet need its pills?', 'What does the cat need every day?'],
  },
  {
    content: 'The meeting with the investors was moved to Friday.',
    asked: ['When do we see the investors?', 'What was rescheduled?'],
  },
  {
    content: 'I am learning to play the violin.',
    asked: ['Which instrument am I practising?', 'What music lessons do I take?'],
  },
  {
    content: 'The wifi password is written on the back of the router.',
    asked: ['How do I get on the internet here?', 'Where can I find the wifi password?'],
  },
  {
    content: 'The car needs new tyres before winter.',
    asked: ['What has to be done for the car?', 'What do I have to buy for driving in snow?'],
  },
  {
    content: 'My favourite colour is dark green.',
    asked: ['Which colour do I like best?', 'What shade should the sofa have to please me?'],
  },
  {
    content: 'The company was founded in 2019 by three friends.',
    asked: ['How old is our business?', 'Who started the company?'],
  },
  {
    content: 'Grandmother turns ninety in September.',
    asked: ['When is the birthday of my grandma?', 'Whose big party is coming up in autumn?'],
  },
  {
    content: 'I do not take meetings before ten in the morning.',
    asked: ['How early can I be called?', 'What time may a meeting begin?'],
  },
  {
    content: 'The invoice from the printer has not been paid yet.',
    asked: ['Which bill is still open?', 'Do we owe the printer money?'],
  },
  {
    content: 'The hiking trail begins behind the old mill.',
    asked: ['Where does the walk start?', 'How do I get to the hiking path?'],
  },
  {
    content: 'I had surgery on my left knee three years ago.',
    asked: ['Which operation did I have?', 'What is the matter with my knee?'],
  },
  {
    content: 'The recipe for the cake needs six eggs and a lemon.',
    asked: ['What do I need for baking?', 'How many eggs go into the cake?'],
  },
]
