//! Names in several languages, and the towns around the hospital. All of them are everyday names put together by chance.

use super::Sex;
use crate::random::Random;

/// A language and the names of those who speak it.
pub(crate) struct Culture {
    /// The language, as a BCP 47 tag.
    pub(crate) language: &'static str,
    /// The language's name.
    pub(crate) language_name: &'static str,
    /// Of a hundred people, how many speak it at home.
    share: i64,
    women: [&'static str; 12],
    men: [&'static str; 12],
    /// Family names, as men bear them and as women do.
    families: [(&'static str, &'static str); 14],
}

/// A town: name and postal code.
pub(crate) struct Town(pub(crate) &'static str, pub(crate) &'static str);

pub(crate) static TOWNS: [Town; 8] = [
    Town("Riverford", "RF1 2AB"),
    Town("Riverford", "RF2 7QD"),
    Town("Northby", "RF4 1NB"),
    Town("Eastmere", "RF5 3EM"),
    Town("Millbrook Cross", "RF6 2MC"),
    Town("Harrowdale", "RF8 4HD"),
    Town("Saint Alder", "RF9 1SA"),
    Town("Wexcombe", "RF11 5WX"),
];

pub(crate) static STREETS: [&str; 16] = [
    "High Street",
    "Station Road",
    "Mill Lane",
    "Church Street",
    "Orchard Way",
    "Park Avenue",
    "Canal Row",
    "Linden Close",
    "Bridge Street",
    "Meadow Rise",
    "Harbour View",
    "King Street",
    "Foundry Lane",
    "Willow Drive",
    "Market Square",
    "Quarry Hill",
];

const fn same(names: [&'static str; 14]) -> [(&'static str, &'static str); 14] {
    let mut pairs = [("", ""); 14];
    let mut index = 0;
    while index < 14 {
        pairs[index] = (names[index], names[index]);
        index += 1;
    }
    pairs
}

static CULTURES: [Culture; 8] = [
    Culture {
        language: "en",
        language_name: "English",
        share: 44,
        women: ["Alice", "Charlotte", "Emily", "Grace", "Hannah", "Jessica", "Lucy", "Megan", "Olivia", "Rachel", "Sophie", "Victoria"],
        men: ["Adam", "Benjamin", "Daniel", "Edward", "George", "Harry", "James", "Matthew", "Oliver", "Peter", "Samuel", "Thomas"],
        families: same([
            "Ashworth",
            "Barker",
            "Clarke",
            "Dawson",
            "Ellison",
            "Fletcher",
            "Greenwood",
            "Hartley",
            "Ingram",
            "Lawson",
            "Marsh",
            "Palmer",
            "Turner",
            "Whitfield",
        ]),
    },
    Culture {
        language: "de",
        language_name: "German",
        share: 10,
        women: ["Anja", "Birgit", "Claudia", "Franziska", "Greta", "Heike", "Ines", "Jutta", "Katrin", "Lena", "Sabine", "Ursula"],
        men: ["Andreas", "Bernd", "Christoph", "Dieter", "Florian", "Günter", "Jens", "Jörg", "Lukas", "Matthias", "Stefan", "Wolfgang"],
        families: same([
            "Bauer", "Brandt", "Fischer", "Groß", "Hoffmann", "Jäger", "Köhler", "Krüger", "Lehmann", "Müller", "Neumann", "Schäfer",
            "Vogel", "Ziegler",
        ]),
    },
    Culture {
        language: "fr",
        language_name: "French",
        share: 9,
        women: [
            "Amélie",
            "Brigitte",
            "Camille",
            "Chloé",
            "Élodie",
            "Françoise",
            "Hélène",
            "Juliette",
            "Léa",
            "Manon",
            "Nathalie",
            "Solène",
        ],
        men: ["Antoine", "Bastien", "Étienne", "François", "Guillaume", "Henri", "Jérôme", "Luc", "Mathieu", "Olivier", "Rémi", "Théo"],
        families: same([
            "Bernard",
            "Chevalier",
            "Dubois",
            "Fontaine",
            "Gauthier",
            "Lefèvre",
            "Marchand",
            "Mercier",
            "Moreau",
            "Perrin",
            "Renaud",
            "Rousseau",
            "Tessier",
            "Vidal",
        ]),
    },
    Culture {
        language: "es",
        language_name: "Spanish",
        share: 10,
        women: ["Ana", "Beatriz", "Carmen", "Elena", "Inés", "Lucía", "María José", "Marta", "Nuria", "Pilar", "Rocío", "Sofía"],
        men: ["Alejandro", "Andrés", "Carlos", "Diego", "Íñigo", "Javier", "Jesús", "Luis", "Miguel", "Pablo", "Raúl", "Sergio"],
        families: same([
            "Álvarez Ruiz",
            "Castillo",
            "Díaz",
            "Fernández",
            "García López",
            "Gómez",
            "Herrera",
            "Ibáñez",
            "Muñoz",
            "Núñez",
            "Ortega",
            "Peña",
            "Romero",
            "Torres",
        ]),
    },
    Culture {
        language: "it",
        language_name: "Italian",
        share: 7,
        women: ["Alessia", "Bianca", "Chiara", "Elisa", "Federica", "Giulia", "Ilaria", "Lucia", "Martina", "Paola", "Silvia", "Teresa"],
        men: ["Alberto", "Bruno", "Davide", "Enrico", "Fabio", "Giorgio", "Lorenzo", "Marco", "Nicolò", "Paolo", "Riccardo", "Vittorio"],
        families: same([
            "Barbieri", "Colombo", "Conti", "D'Angelo", "De Luca", "Esposito", "Ferrara", "Galli", "Lombardi", "Marini", "Moretti",
            "Ricci", "Santoro", "Vitale",
        ]),
    },
    Culture {
        language: "pl",
        language_name: "Polish",
        share: 8,
        women: [
            "Agnieszka",
            "Barbara",
            "Danuta",
            "Ewa",
            "Grażyna",
            "Iwona",
            "Joanna",
            "Katarzyna",
            "Małgorzata",
            "Natalia",
            "Wanda",
            "Zofia",
        ],
        men: ["Adam", "Bartosz", "Dariusz", "Grzegorz", "Jacek", "Krzysztof", "Łukasz", "Marek", "Paweł", "Rafał", "Tomasz", "Zbigniew"],
        families: [
            ("Dąbrowski", "Dąbrowska"),
            ("Głowacki", "Głowacka"),
            ("Jabłoński", "Jabłońska"),
            ("Kamiński", "Kamińska"),
            ("Kowalczyk", "Kowalczyk"),
            ("Lewandowski", "Lewandowska"),
            ("Mazur", "Mazur"),
            ("Nowak", "Nowak"),
            ("Pawlak", "Pawlak"),
            ("Sikorski", "Sikorska"),
            ("Szymański", "Szymańska"),
            ("Wójcik", "Wójcik"),
            ("Zieliński", "Zielińska"),
            ("Żak", "Żak"),
        ],
    },
    Culture {
        language: "tr",
        language_name: "Turkish",
        share: 7,
        women: ["Aylin", "Ayşe", "Berna", "Ceren", "Deniz", "Elif", "Fatma", "Gül", "İpek", "Nazlı", "Sevgi", "Zeynep"],
        men: ["Ahmet", "Barış", "Burak", "Cem", "Emre", "Hakan", "İbrahim", "Kerem", "Mehmet", "Oğuz", "Serkan", "Yusuf"],
        families: same([
            "Aksoy", "Arslan", "Çelik", "Demir", "Doğan", "Erdoğdu", "Güneş", "Kaya", "Koç", "Öztürk", "Polat", "Şahin", "Yıldız", "Yılmaz",
        ]),
    },
    Culture {
        language: "vi",
        language_name: "Vietnamese",
        share: 5,
        women: ["Anh", "Bích", "Diệp", "Hằng", "Hồng", "Lan", "Linh", "Mai", "Ngọc", "Phương", "Thảo", "Tuyết"],
        men: ["An", "Bình", "Cường", "Dũng", "Đức", "Hải", "Hùng", "Khoa", "Long", "Minh", "Quang", "Tuấn"],
        families: same(["Bùi", "Đặng", "Đinh", "Đỗ", "Dương", "Hoàng", "Huỳnh", "Lê", "Lý", "Ngô", "Nguyễn", "Phạm", "Trần", "Vũ"]),
    },
];

/// One of the cultures, by their shares.
pub(crate) fn any(random: &mut Random) -> &'static Culture {
    let mut left = random.between(1, CULTURES.iter().map(|culture| culture.share).sum());
    for culture in &CULTURES {
        left -= culture.share;
        if left <= 0 {
            return culture;
        }
    }
    &CULTURES[0]
}

impl Culture {
    /// A given name.
    pub(crate) fn given(&self, sex: Sex, random: &mut Random) -> &'static str {
        match sex {
            Sex::Female => random.pick::<&str>(&self.women),
            Sex::Male => random.pick::<&str>(&self.men),
        }
    }

    /// A family name.
    pub(crate) fn family(&self, sex: Sex, random: &mut Random) -> &'static str {
        let (men, women) = *random.pick(&self.families);
        self.family_for((men, women), sex)
    }

    /// The form of a family name that a relative of this sex bears.
    pub(crate) fn same_family(&self, name: &'static str, sex: Sex) -> &'static str {
        let pair = self.families.iter().find(|(men, women)| *men == name || *women == name);
        pair.map_or(name, |&pair| self.family_for(pair, sex))
    }

    fn family_for(&self, (men, women): (&'static str, &'static str), sex: Sex) -> &'static str {
        match sex {
            Sex::Female => women,
            Sex::Male => men,
        }
    }
}
