"""An age under 18 is heard in every public language; other numbers are let be."""

from __future__ import annotations

import pytest

from community_api.wording import ages

SAID = {
    "en": [
        "12 year old boy of class 7",
        "a 12-year-old",
        "He is twelve years old.",
        "a girl aged 15",
        "boy (16), grey hoodie",
        "a boy of 12 from the estate",
        "She is only 14, and alone.",
        "a seventeen-year-old",
        "17 or 18 years old",
        "two 13-year-olds",
        "14yo with a knife",
        "at the age of nine",
        "She turned 16, then left.",
        "baby, 8 months old",
        "Age: 11",
        "one year old",
        "The pupil is 17.",
        "about 10 years of age",
    ],
    "fr": [
        "un garçon de 12 ans",
        "Il a douze ans",
        "âgée de 15 ans",
        "une fille de dix-sept ans",
        "l'élève, 14 ans, seul",
        "à l'âge de 9 ans",
        "un enfant (8)",
        "Elle a treize ans et demi",
        "agé de 16",
        "un ado de 15 ans",
    ],
    "de": [
        "ein zwölfjähriger Junge",
        "ein 12-jähriger",
        "die 15jährige",
        "Er ist zwölf Jahre alt",
        "im Alter von 14 Jahren",
        "Mädchen (13)",
        "ein 17 Jahre alter Schüler",
        "der Dreizehnjährige",
        "16 Jahre alt",
        "ein fuenfzehnjaehriger",
        "Der Junge ist erst 11.",
        "Alter: 9",
        "ein 16- oder 17-jähriger",
    ],
    "lt": [
        "12 metų berniukas",
        "dvylikametis berniukas",
        "dvylikos metų",
        "12-metis",
        "trejų metų vaikas",
        "jam 16 metų",
        "penkiolikametė",
        "mergaitė, 14 metų",
        "Jai penkiolika metų.",
        "17 m. paauglys",
        "amžius: 13",
        "12 metu berniukas",
        "penkerių metų",
    ],
    "ru": [
        "двенадцатилетний мальчик",
        "12-летний",
        "ему 12 лет",
        "12 лет",
        "девочка 15 лет",
        "в возрасте 14 лет",
        "Ей исполнилось шестнадцать",
        "мальчику двенадцать лет",
        "17-летняя школьница",
        "12-ти летний",
        "ребёнок трёх лет",
        "Мальчик, 3 года",
        "подросток (16)",
        "пятнадцатилетней",
    ],
    "ar": [
        "ابن 12 سنة",
        "عمره ١٢ سنة",
        "طفل عمره اثنتا عشرة سنة",
        "فتاة تبلغ من العمر 15 عاما",
        "صبي في الثانية عشرة من عمره",
        "بنت ١٤ سنة",
        "البالغ 16 عاما",
        "عمرها خمسة عشر عامًا",
        "ولد عمره عشر سنوات",
        "٩ سنوات",
    ],
    "tr": [
        "12 yaşında",
        "on iki yaşında bir çocuk",
        "12 yaşındaki öğrenci",
        "on beş yaşındaki",
        "yaşı 14",
        "16 yaşında kız",
        "oniki yaşında",
        "on yedi yaşlarında",
        "12 yasinda",
        "ÜÇ YAŞINDA",
    ],
}
NOT_SAID = {
    "en": [
        "12 minutes later",
        "bus 12",
        "12 years ago",
        "class of 2012",
        "under 18s football club",
        "thirty-five years old",
        "35 years old",
        "18 years old",
        "112 years old",
        "class 7",
        "a boy on bus 12",
        "12 boys",
        "3 girls and a van",
        "at 12 o'clock",
        "12 years in prison",
        "for twelve years",
        "room 12, a boy",
        "page 12",
        "boy at 14:30",
        "The boys took line 7 to the station.",
        "an old man",
        "he is 1.75 m tall",
        "aged 45",
        "age 21",
        "eighteen years old",
        "The 12-year-old building",
        "He is 12 minutes late",
        "version 2.17",
        "twenty-one years old",
        "She is 45, alone.",
        "the boy, 20, ran",
        "12 kg of fertiliser",
        "house number 16",
        "on 12 March",
        "12%",
        "a 10 year lease",
    ],
    "fr": [
        "il y a 12 ans",
        "depuis douze ans",
        "12 ans de prison",
        "bus 12",
        "trente-deux ans",
        "35 ans",
        "dix-huit ans",
        "pendant 5 ans",
        "vingt et un ans",
        "quatre-vingt-douze ans",
        "à 12 heures",
        "12 minutes",
        "classe de 5e",
        "condamné à 8 ans",
        "un élève de la classe 7",
        "soixante-quinze ans",
        "un contrat de 3 ans",
    ],
    "de": [
        "vor 12 Jahren",
        "seit zwölf Jahren",
        "Buslinie 12",
        "12 Jahre Haft",
        "fünfunddreißigjähriger Mann",
        "7. Klasse",
        "ein Schüler der 7. Klasse",
        "12 Minuten",
        "18-jähriger",
        "achtzehnjährig",
        "um 12 Uhr",
        "zehnjähriges Bestehen",
        "35 Jahre alt",
        "im Alter von 45 Jahren",
        "am 12. März",
        "Hausnummer 16",
        "Schüler, 7. Klasse",
        "einundzwanzig",
        "Jahrgang 2012",
        "eine zwölfjährige Haftstrafe",
        "3 Jungen",
    ],
    "lt": [
        "prieš 12 metų",
        "po 12 metų",
        "12 metų kalėjimo",
        "2012 metų lapkritį",
        "autobusas 12",
        "dvidešimt penkerių metų",
        "35 metų vyras",
        "7 klasė",
        "per 12 minučių",
        "jau dešimt metų",
        "aštuoniolikos metų",
        "12 m. atstumu",
        "12 val.",
    ],
    "ru": [
        "12 лет назад",
        "на протяжении 12 лет",
        "12 лет тюрьмы",
        "автобус 12",
        "двадцать пять лет",
        "35 лет",
        "18 лет",
        "12 минут",
        "7 класс",
        "ученик 7 класса",
        "через 12 лет",
        "восемнадцатилетний",
        "в 12 часов",
        "дом 16",
        "живёт здесь 12 лет",
        "сорок два года",
        "в 2012 году",
        "тридцатипятилетний",
        "работает 10 лет",
    ],
    "ar": [
        "قبل 12 سنة",
        "منذ ١٢ سنة",
        "حافلة 12",
        "12 دقيقة",
        "الصف السابع",
        "عمره 35 سنة",
        "12 سنة سجنا",
        "خلال 5 سنوات",
        "لمدة عشر سنوات",
        "عمره خمسة وثلاثون عاما",
    ],
    "tr": [
        "12 yıl önce",
        "12 dakika",
        "12 numaralı otobüs",
        "yirmi iki yaşında",
        "35 yaşında",
        "7. sınıf",
        "on iki yıldır",
        "18 yaşında",
        "12 yaş altı takım",
        "saat 12",
        "otuz beş yaşında",
    ],
}
ABOUT_AGE = [
    "a boy on a bike",
    "class 7",
    "7. Klasse",
    "ein Schüler",
    "подросток",
    "7 класс",
    "mokinys",
    "7 klasė",
    "un élève",
    "الصف 7",
    "طفل",
    "bir çocuk",
    "7. sınıf",
    "minor",
    "Jugendliche",
]
NOT_ABOUT_AGE = [
    "a man of 35 with a van",
    "ein Mann",
    "12 minutes",
    "Разбитые фонари",
    "Bulk fertiliser, cash, no farm.",
]


def each(table):
    return [
        pytest.param(text, id=f"{language}: {text}") for language, texts in table.items() for text in texts
    ]


@pytest.mark.parametrize("text", each(SAID))
def test_an_age_under_eighteen_is_heard(text):
    assert ages.says_minor(text)


@pytest.mark.parametrize("text", each(NOT_SAID))
def test_other_numbers_are_no_age_of_a_child(text):
    assert not ages.says_minor(text)


@pytest.mark.parametrize("text", ABOUT_AGE)
def test_other_words_about_age_are_noticed_and_are_no_age(text):
    assert ages.speaks_of_youth(text)
    assert not ages.says_minor(text)


@pytest.mark.parametrize("text", NOT_ABOUT_AGE)
def test_what_is_not_about_age_is_let_be(text):
    assert not ages.speaks_of_youth(text)


def test_an_age_is_heard_in_the_middle_of_a_long_text_and_an_endless_one_is_read():
    assert ages.says_minor(
        "The lamps are broken. " * 200 + "A boy, 12 years old, saw it." + " They flicker." * 200
    )
    assert not ages.says_minor("12" * 50_000)


def test_every_public_language_is_declared():
    assert sorted(ages._languages()) == ["ar", "de", "en", "fr", "lt", "ru", "tr"]
