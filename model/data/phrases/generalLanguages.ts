// Short questions about ideas of programming and about languages.
import type { Exchange } from './phrases.ts';

export const generalLanguages: readonly Exchange[] = [
  {
    question: 'What is a function?',
    answer: 'A function is a named piece of code that can be called with arguments and may return a value.',
  },
  { question: 'What is a variable?', answer: 'A variable is a name for a value that the program can read and change.' },
  {
    question: 'What is a constant?',
    answer: 'A constant is a name for a value that does not change while the program runs.',
  },
  {
    question: 'What is a loop?',
    answer: 'A loop repeats a piece of code, for a number of times or while a condition holds.',
  },
  {
    question: 'What is recursion?',
    answer: 'Recursion means that a function calls itself, usually with a smaller part of the problem.',
  },
  { question: 'What is an array?', answer: 'An array is a list of values in a fixed order, reached by their index.' },
  { question: 'What is a string?', answer: 'A string is a piece of text: a sequence of characters.' },
  { question: 'What is a boolean?', answer: 'A boolean is a value that is either true or false.' },
  { question: 'What is an integer?', answer: 'An integer is a whole number, such as -2, 0 or 17.' },
  {
    question: 'What is a class?',
    answer: 'A class is a description of objects: it says which data they hold and which methods they have.',
  },
  {
    question: 'What is an object in programming?',
    answer: 'An object is a value that holds data together with the methods that work on it.',
  },
  {
    question: 'What is the difference between a class and an object?',
    answer: 'A class is the plan; an object is one thing that was made after that plan.',
  },
  {
    question: 'What is inheritance?',
    answer: 'Inheritance means that a class takes over the data and methods of another class and can add its own.',
  },
  {
    question: 'What is an interface?',
    answer: 'An interface says which methods or fields something must have, without saying how they work.',
  },
  { question: 'What is a method?', answer: 'A method is a function that belongs to an object or a class.' },
  {
    question: 'What is an argument?',
    answer: 'An argument is a value that is passed to a function when it is called.',
  },
  {
    question: 'difference between parameter and argument',
    answer: 'A parameter is the name in the definition of a function; an argument is the value passed in a call.',
  },
  {
    question: 'What is the difference between a list and a tuple in Python?',
    answer: 'A list can be changed after it was made; a tuple cannot.',
  },
  {
    question: 'What is a dictionary in Python?',
    answer: 'A dictionary stores values under keys, so that each value can be looked up by its key.',
  },
  {
    question: 'What is a set in Python?',
    answer: 'A set is a collection without order in which every value occurs only once.',
  },
  {
    question: 'What is a list comprehension?',
    answer: 'It is a short way in Python to build a list from another one, such as [x * 2 for x in numbers].',
  },
  {
    question: 'What does len do in Python?',
    answer: 'len returns the number of items in a list, a string or another collection.',
  },
  { question: 'What does self mean in Python?', answer: 'self is the object on which a method was called.' },
  {
    question: 'What is a decorator in Python?',
    answer:
      'A decorator is a function that wraps another function to change or extend what it does; it is written with @.',
  },
  { question: 'What is pip?', answer: 'pip is the tool that installs Python packages.' },
  {
    question: 'What is a virtual environment in Python?',
    answer: 'It is a folder with its own Python packages, so that projects do not disturb each other.',
  },
  { question: 'What is None in Python?', answer: 'None is the value that stands for "nothing".' },
  { question: 'How do I comment a line in Python?', answer: 'Put a # in front of it.' },
  { question: 'How do I print something in Python?', answer: 'Use print, for example print("Hello").' },
  {
    question: 'How do I read a file in Python?',
    answer: 'Use open, for example: with open("notes.txt") as f: text = f.read()',
  },
  {
    question: 'What is npm?',
    answer: 'npm is the package manager of Node.js: it installs packages and runs the scripts of package.json.',
  },
  { question: 'What is Node.js?', answer: 'Node.js runs JavaScript outside the browser, for example on a server.' },
  {
    question: 'What is package.json?',
    answer: 'It is the file that names a JavaScript project, its version, its dependencies and its scripts.',
  },
  {
    question: 'What is TypeScript?',
    answer: 'TypeScript is JavaScript with types; the types are checked before the program runs.',
  },
  {
    question: 'What is the difference between JavaScript and Java?',
    answer:
      'They are two different languages: JavaScript came from the browser, Java compiles to code for the Java virtual machine.',
  },
  {
    question: 'What is the difference between let and const?',
    answer: 'A let variable can be assigned again; a const cannot.',
  },
  {
    question: 'What is the difference between == and === in JavaScript?',
    answer: '=== compares value and type; == converts the types first.',
  },
  {
    question: 'What is undefined in JavaScript?',
    answer: 'undefined is the value of a variable that was declared but never got a value.',
  },
  { question: 'What is null?', answer: 'null stands for "no value".' },
  {
    question: 'What is a promise in JavaScript?',
    answer:
      'A promise is an object for a result that will come later: it is fulfilled with a value or rejected with an error.',
  },
  {
    question: 'What does async mean?',
    answer: 'An async function can wait for results with await, while other code goes on.',
  },
  { question: 'What does await do?', answer: 'await waits until a promise is settled and gives its value.' },
  {
    question: 'What is a callback?',
    answer: 'A callback is a function that is passed to other code, which calls it later.',
  },
  {
    question: 'What is an arrow function?',
    answer: 'It is a short way to write a function in JavaScript, for example x => x * 2.',
  },
];
