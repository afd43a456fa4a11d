// Short questions about formats, networks, git, tools and computers.
import type { Exchange } from './phrases.ts';

export const generalSystems: readonly Exchange[] = [
  {
    question: 'What does JSON stand for?',
    answer: 'JSON stands for JavaScript Object Notation; it is a text format for data.',
  },
  { question: 'what is yaml', answer: 'YAML is a text format for data, often used for configuration files.' },
  {
    question: 'What is Markdown?',
    answer: 'Markdown is a simple way to write formatted text, with # for headings and ** for bold.',
  },
  {
    question: 'What is HTML?',
    answer: 'HTML is the language in which web pages are written: it marks up headings, paragraphs, links and so on.',
  },
  { question: 'What is CSS?', answer: 'CSS describes how a web page looks: colours, fonts and layout.' },
  {
    question: 'What does SQL mean?',
    answer: 'SQL stands for Structured Query Language; it is used to ask databases for data and to change it.',
  },
  { question: 'What does SELECT do in SQL?', answer: 'SELECT reads rows from one or more tables.' },
  {
    question: 'What is a primary key?',
    answer: 'A primary key is the column, or columns, whose value identifies each row of a table.',
  },
  {
    question: 'What is a database?',
    answer: 'A database is a program and its files that store data so that it can be searched and changed safely.',
  },
  {
    question: 'What is an index in a database?',
    answer: 'An index is an extra structure that makes looking up rows faster.',
  },
  { question: 'What does HTTP 404 mean?', answer: 'It means "not found": the server has nothing under that address.' },
  { question: 'What does HTTP 200 mean?', answer: 'It means "OK": the request succeeded.' },
  {
    question: 'What does HTTP 500 mean?',
    answer: 'It means "internal server error": something went wrong on the server.',
  },
  {
    question: 'What does HTTP 403 mean?',
    answer: 'It means "forbidden": the server understood the request but does not allow it.',
  },
  {
    question: 'What does HTTP 301 mean?',
    answer: 'It means "moved permanently": the page has a new address for good.',
  },
  { question: 'what is http status 401', answer: 'It means "unauthorized": the request needs a valid login.' },
  { question: 'What is HTTPS?', answer: 'HTTPS is HTTP over an encrypted connection.' },
  {
    question: 'What is an API?',
    answer: 'An API is the set of functions or addresses through which other programs use a program.',
  },
  {
    question: 'What is a REST API?',
    answer: 'It is an API over HTTP in which addresses name things and methods such as GET and POST act on them.',
  },
  {
    question: 'What is the difference between GET and POST?',
    answer: 'GET reads something; POST sends data to the server, often to create something.',
  },
  {
    question: 'What is a cookie on the web?',
    answer: 'A cookie is a small piece of data that a website stores in the browser.',
  },
  { question: 'What is a URL?', answer: 'A URL is the address of something on the web.' },
  { question: 'What is DNS?', answer: 'DNS translates names such as example.com into IP addresses.' },
  {
    question: 'What is an IP address?',
    answer: 'An IP address is the number under which a computer is reached in a network.',
  },
  { question: 'What is localhost?', answer: 'localhost is the name of your own computer; its address is 127.0.0.1.' },
  { question: 'Which port does HTTPS use?', answer: 'HTTPS uses port 443.' },
  { question: 'Which port does HTTP use?', answer: 'HTTP uses port 80.' },
  { question: 'Which port does SSH use?', answer: 'SSH uses port 22.' },
  { question: 'What is git?', answer: 'git is a version control system: it records the history of files.' },
  {
    question: 'What is git rebase in one sentence?',
    answer: 'git rebase puts your commits on top of another commit, as if you had started from there.',
  },
  { question: 'What does git commit do?', answer: 'It records the staged changes with a message in the history.' },
  {
    question: 'What does git pull do?',
    answer: 'It fetches the commits of the remote repository and merges them into your branch.',
  },
  { question: 'What does git push do?', answer: 'It sends your commits to the remote repository.' },
  {
    question: 'What is the difference between git pull and git fetch?',
    answer: 'git fetch only downloads commits; git pull also merges them into your branch.',
  },
  {
    question: 'What does git stash do?',
    answer: 'It puts your uncommitted changes aside, so that you can take them back later.',
  },
  { question: 'What does git clone do?', answer: 'It makes a local copy of a repository with its whole history.' },
  {
    question: 'What is a merge conflict?',
    answer: 'It happens when two branches change the same lines; a person must decide which text stays.',
  },
  { question: 'What is a branch in git?', answer: 'A branch is a name for a line of commits on which work goes on.' },
  { question: 'What is a pull request?', answer: 'A pull request asks others to review your branch and to merge it.' },
  {
    question: 'What is a commit?',
    answer: 'A commit is a recorded state of the files, with an author, a date and a message.',
  },
  { question: 'What is .gitignore for?', answer: 'It lists the files that git should not track.' },
  {
    question: 'What is a compiler?',
    answer: 'A compiler translates source code into another form, usually machine code.',
  },
  {
    question: 'What is an interpreter?',
    answer: 'An interpreter runs source code directly, without making a separate program first.',
  },
  {
    question: 'What is a syntax error?',
    answer: 'It means that the code breaks the grammar of the language, so it cannot be read.',
  },
  {
    question: 'What is an exception?',
    answer: 'An exception is an error that interrupts the normal run of a program until some code catches it.',
  },
  { question: 'What is debugging?', answer: 'Debugging is finding and removing the causes of faults in a program.' },
  {
    question: 'What is a unit test?',
    answer: 'A unit test checks one small part of a program, such as a function, by itself.',
  },
  { question: 'What is a stack?', answer: 'A stack is a list where the last thing put on is the first taken off.' },
  { question: 'What is a queue?', answer: 'A queue is a list where the first thing put in is the first taken out.' },
  {
    question: 'What is a hash table?',
    answer: 'A hash table finds values by their key quickly, by computing from the key where they are stored.',
  },
  { question: 'What is a linked list?', answer: 'It is a list in which each element points to the next one.' },
  {
    question: 'What is binary search?',
    answer: 'Binary search finds a value in a sorted list by halving the list again and again.',
  },
  { question: 'What does O(n) mean?', answer: 'It means that the time grows in proportion to the size of the input.' },
  {
    question: 'What is a regular expression?',
    answer: 'A regular expression is a pattern that describes texts, used to search and replace.',
  },
  { question: 'What is an algorithm?', answer: 'An algorithm is a clear sequence of steps that solves a problem.' },
  { question: 'What is a byte?', answer: 'A byte is eight bits.' },
  { question: 'How many bits are in a byte?', answer: 'A byte has eight bits.' },
  { question: 'What is a bit?', answer: 'A bit is the smallest unit of data: 0 or 1.' },
  { question: 'What is binary?', answer: 'Binary is the number system with only the digits 0 and 1.' },
  {
    question: 'What is hexadecimal?',
    answer: 'Hexadecimal is the number system with base 16, with the digits 0 to 9 and A to F.',
  },
  {
    question: 'What is UTF-8?',
    answer: 'UTF-8 is the most common way to store text as bytes; it covers all characters of Unicode.',
  },
  {
    question: 'What is ASCII?',
    answer: 'ASCII is an old character set with 128 characters: English letters, digits and signs.',
  },
  { question: 'What is RAM?', answer: 'RAM is the working memory of a computer; it is empty after a restart.' },
  {
    question: 'What is a CPU?',
    answer: 'The CPU is the processor: the part of a computer that carries out the instructions.',
  },
  {
    question: 'What is a GPU?',
    answer: 'A GPU is a processor made for graphics, also good at doing many calculations at once.',
  },
  {
    question: 'What is an operating system?',
    answer: 'It is the software that manages the computer and runs the programs, such as Linux, Windows or macOS.',
  },
  { question: 'What is Linux?', answer: 'Linux is a free operating system kernel; many systems are built on it.' },
  {
    question: 'What is a terminal?',
    answer: 'A terminal is a window in which you type commands and read their output.',
  },
  { question: 'What does ls do?', answer: 'ls lists the files of a folder.' },
  { question: 'What does cd do in a shell?', answer: 'cd changes the current folder.' },
  { question: 'What does grep do?', answer: 'grep prints the lines of files that match a pattern.' },
  { question: 'what does mkdir do', answer: 'mkdir makes a new folder.' },
  { question: 'What does chmod +x do?', answer: 'It makes a file executable.' },
  {
    question: 'What does sudo do?',
    answer: 'sudo runs a command with the rights of another user, usually the administrator.',
  },
  {
    question: 'What is an environment variable?',
    answer: 'It is a named value that programs get from the shell or system that starts them, such as PATH.',
  },
  {
    question: 'What is PATH?',
    answer: 'PATH is the environment variable with the folders in which the shell looks for programs.',
  },
  {
    question: 'What is Docker?',
    answer: 'Docker runs programs in containers, which bring along everything the program needs.',
  },
  {
    question: 'What is open source?',
    answer:
      'Open source software comes with its source code and a licence that allows everybody to use, change and share it.',
  },
  {
    question: 'What does MIT licence mean?',
    answer:
      'It is a short open source licence: you may do nearly everything with the code if you keep the copyright notice.',
  },
  {
    question: 'What is semantic versioning?',
    answer: 'Versions have the form major.minor.patch; the major number rises when something breaks for users.',
  },
  {
    question: 'What is a dependency?',
    answer: 'A dependency is a package or program that a project needs in order to work.',
  },
  {
    question: 'What is a framework?',
    answer: 'A framework is a body of code that gives a program its structure and calls your code.',
  },
  {
    question: 'What is a library in programming?',
    answer: 'A library is a collection of ready-made code that programs can use.',
  },
  {
    question: 'What is an IDE?',
    answer: 'An IDE is an editor with tools for programming, such as running, testing and debugging.',
  },
  { question: 'What is VS Code?', answer: 'VS Code is a code editor by Microsoft that is extended with extensions.' },
  {
    question: 'What is Rust?',
    answer: 'Rust is a fast, compiled programming language that prevents many memory errors.',
  },
  { question: 'Who created Python?', answer: 'Python was created by Guido van Rossum.' },
  { question: 'Who created Linux?', answer: 'Linux was created by Linus Torvalds.' },
  { question: 'Who created git?', answer: 'git was created by Linus Torvalds in 2005.' },
  { question: 'Who invented the World Wide Web?', answer: 'Tim Berners-Lee invented the World Wide Web.' },
  {
    question: 'Who was Ada Lovelace?',
    answer: 'Ada Lovelace wrote what is often called the first computer program, in the 19th century.',
  },
  {
    question: 'What is machine learning?',
    answer: 'In machine learning a program learns from examples instead of following rules written by hand.',
  },
  {
    question: 'What is a token for a language model?',
    answer: 'A token is a piece of text, often a word or a part of one, that the model reads or writes as one unit.',
  },
  {
    question: 'What does CI mean?',
    answer: 'CI stands for continuous integration: every change is built and tested automatically.',
  },
  {
    question: 'what does DRY mean in programming',
    answer: 'DRY stands for "don\'t repeat yourself": each piece of knowledge should be in the code only once.',
  },
  { question: 'What does TODO mean in code?', answer: 'It marks something that is still to be done.' },
  {
    question: 'What is refactoring?',
    answer: 'Refactoring changes how code is written without changing what it does.',
  },
  {
    question: 'What is an off-by-one error?',
    answer: 'It is a mistake where a loop or an index is one too high or one too low.',
  },
  {
    question: 'What does CSV stand for?',
    answer: 'CSV stands for comma-separated values; it is a simple text format for tables.',
  },
  { question: 'What is a deadlock?', answer: 'In a deadlock, two or more tasks wait for each other for ever.' },
];
