"""Asking staff to watch people is heard in every staff language; ordinary work is let be."""

from __future__ import annotations

import pytest

from community_api.wording.surveillance import asks_to_watch

ASKS = {
    "en": [
        "Watch the mosque, write down who attends",
        "Please keep an eye on the Roma families in Mill Street.",
        "Monitor who goes to Friday prayers",
        "Observe the youths at the bus stop and report their names",
        "Keep a list of everyone who visits the community centre",
        "Note the number plates of visitors to the mosque",
        "Report on what the imam says",
        "Priority: watching the asylum seekers' hostel",
        "We should be keeping tabs on the Kurdish association",
        "The mosque should be watched on Fridays",
        "Photograph those who go in and out of the prayer room",
        "Find out who attends the union meetings",
        "Patrol past the synagogue and record who enters",
        "Take down the names of the worshippers",
        "Follow him and tell us whom he meets",
        "Gather information on the Muslim community and its families",
        "Put the students under surveillance",
        "Can you check who is going to the mosque these days?",
        "Keep watching the Turkish men at the cafe",
        "Make notes on visitors at the temple",
        "Residents asked us to keep an eye on the gypsies",
    ],
    "de": [
        "Beobachtet die Moschee und schreibt auf, wer kommt",
        "Bitte die Moschee im Auge behalten und Besucher notieren",
        "Die Roma-Familien in der Mühlgasse beobachten",
        "Kennzeichen der Besucher notieren",
        "Haltet fest, wer zum Freitagsgebet geht",
        "Überwacht die Jugendlichen am Bahnhof",
        "Namen der Gläubigen aufschreiben",
        "Behaltet die Flüchtlinge im Auge",
        "Meldet, was der Imam predigt",
        "Es ist darauf zu achten, wer die Gemeinde besucht",
        "Informationen über die muslimische Gemeinde sammeln",
        "Die Moschee soll freitags observiert werden",
        "Achten Sie auf die Flüchtlinge am Spielplatz",
        "Bitte mal schauen, wer in die Moschee geht",
    ],
    "fr": [
        "Surveillez la mosquée et notez qui y entre",
        "Gardez un œil sur les familles roms",
        "Merci de surveiller les jeunes de la cité",
        "Relever les plaques des visiteurs de la mosquée",
        "Dresser la liste des fidèles",
        "Signalez qui fréquente la synagogue",
        "Recueillir des renseignements sur la communauté kurde",
        "Observer les migrants du foyer et rapporter leurs noms",
        "Notez les noms de ceux qui viennent prier",
        "La mosquée doit être surveillée le vendredi",
    ],
    "lt": [
        "Stebėkite mečetę ir užrašykite, kas ateina",
        "Prašau stebėti romų šeimas",
        "Sekite pabėgėlius prie stoties",
        "Užsirašykite lankytojų automobilių numerius prie mečetės",
        "Sudarykite tikinčiųjų sąrašą",
        "Praneškite, kas lanko sinagogą",
        "Rinkti informaciją apie musulmonų bendruomenę",
        "Stebekite mecete penktadieniais",
        "Atkreipkite dėmesį į jaunuolius ir fiksuokite jų vardus",
    ],
    "ru": [
        "Наблюдайте за мечетью и записывайте, кто приходит",
        "Следите за цыганскими семьями",
        "Просьба присматривать за мигрантами в общежитии",
        "Записать номера машин посетителей мечети",
        "Составьте список прихожан",
        "Сообщайте, кто ходит в синагогу",
        "Собирать сведения о мусульманской общине",
        "Держите под наблюдением молодёжь у вокзала",
        "Перепишите имена верующих",
        "За мечетью нужно установить наблюдение",
    ],
}
DISGUISED = [
    "W a t c h the m o s q u e",
    "Watch the mоsque",
    "wat\u200bch the mos\u200bque",
    "Наблюдайтe за мечeтью",
]
LETS_BE = {
    "en": [
        "Protect the mosque: it was threatened last week, patrols pass at prayer times",
        "Check on the lamp posts in Mill Street every evening",
        "Keep an eye on the broken fence until it is mended",
        "Talk to the young people about the noise and offer them the hall",
        "Watch out for black ice at the church square",
        "A man watched the synagogue from a grey van for an hour",
        "He was watching the mosque and photographing the entrance",
        "Meet the residents and the imam about parking on Fridays",
        "Note the date of the residents' meeting",
        "The council will write down what the repair costs",
        "Light the path to the prayer room; the volunteers ask for it",
        "Ask the school for a crossing guard",
        "List the street lamps that don't work",
        "The neighbourhood watch meets at the church",
        "Report the graffiti on the synagogue wall to the council",
        "Record the noise level at 22:00 and at midnight",
        "Follow up with the residents in two weeks",
        "Visit the families whose cellars were broken into and help with locks",
        "Bring names for the new square to the meeting",
        "Thank you for what you saw. It was acted on.",
        "Follow the community plan",
        "Track the repairs with the association",
        "Monitor the noise near the church",
        "Watch the CCTV of the car park",
    ],
    "de": [
        "Die Moschee schützen: Sie wurde bedroht, Streifen kommen zu den Gebetszeiten vorbei",
        "Abends nach den Laternen in der Mühlgasse sehen",
        "Den kaputten Zaun im Auge behalten",
        "Ein Mann beobachtete die Synagoge aus einem grauen Wagen",
        "Mit den Jugendlichen über den Lärm sprechen",
        "Den Lärm um 22 Uhr messen und aufschreiben",
        "Auf Glatteis vor der Kirche achten",
        "Die Anwohner zum Runden Tisch einladen",
        "Die Schmierereien an der Synagoge der Stadt melden",
        "Liste der defekten Lampen aufstellen",
        "Vielen Dank, Ihre Beobachtung hat geholfen",
    ],
    "fr": [
        "Protéger la mosquée, qui a été menacée : des patrouilles passent à l'heure de la prière",
        "Vérifier les lampadaires de la rue du Moulin",
        "Garder un œil sur la clôture cassée",
        "Un homme surveillait la synagogue depuis une camionnette",
        "Parler avec les jeunes du bruit",
        "Noter le niveau sonore à 22 heures",
        "Signaler les tags sur le mur de l'église à la mairie",
        "Inviter les habitants à la réunion",
        "Dresser la liste des lampes en panne",
    ],
    "lt": [
        "Saugoti mečetę: jai grasinta, patruliai praeina maldos metu",
        "Patikrinti žibintus Malūnų gatvėje",
        "Stebėti sulūžusią tvorą, kol bus sutaisyta",
        "Vyras stebėjo sinagogą iš pilko furgono",
        "Pasikalbėti su jaunimu apie triukšmą",
        "Užrašyti triukšmo lygį vidurnaktį",
        "Pakviesti gyventojus į susitikimą",
        "Pranešti savivaldybei apie užrašus ant bažnyčios sienos",
    ],
    "ru": [
        "Защитить мечеть: ей угрожали, патрули проходят во время молитвы",
        "Проверить фонари на Мельничной",
        "Следить за состоянием сломанного забора",
        "Мужчина наблюдал за синагогой из серого фургона",
        "Поговорить с подростками о шуме",
        "Записать уровень шума в полночь",
        "Пригласить жителей на встречу",
        "Сообщить городу о надписях на стене церкви",
        "Составить список неисправных фонарей",
    ],
}


def each(table):
    return [
        pytest.param(text, id=f"{language}: {text}") for language, texts in table.items() for text in texts
    ]


@pytest.mark.parametrize("text", each(ASKS))
def test_a_request_to_watch_people_is_heard(text):
    assert asks_to_watch(text)


@pytest.mark.parametrize("text", DISGUISED)
def test_it_is_heard_through_a_disguise(text):
    assert asks_to_watch(text)


@pytest.mark.parametrize("text", each(LETS_BE))
def test_ordinary_work_and_the_protection_of_a_place_are_let_be(text):
    assert not asks_to_watch(text)


def test_verb_and_object_far_apart_or_in_two_sentences_are_no_request():
    assert not asks_to_watch("Watch the traffic lights. The mosque asked for a crossing.")
    assert not asks_to_watch("Watch " + "the long and winding way of the bus " * 3 + "past the mosque.")


def test_an_endless_text_is_read_to_its_end():
    assert asks_to_watch("The lamps flicker. " * 400 + "Watch the mosque." + " The lamps flicker." * 400)
    assert not asks_to_watch("watch " * 10_000)
